import { type TeamCommandAnswer, type TeamCommandRequest } from '../contracts/activities';
import { parseCredits, toText } from '../contracts/millicredits';
import { parseUsd } from '../contracts/money';
import { teamIdSchema } from '../contracts/run';
import {
  addCreditsSchema,
  adjustCreditsSchema,
  changePlanSchema,
  reverseChargeSchema,
  setPayAsYouGoSchema,
  setTeamStatusSchema,
  upsertTeamSchema,
  type CommandRefused,
} from '../contracts/team';
import { type Refused } from '../ledger/core/operations';
import { type z } from 'zod';
import { type ActivityDeps } from './deps';

/** Operators wait for these; a ledger that does not answer is tried again by Temporal. */
const COMMAND_TIMEOUT_MS = 10_000;

/** Parses and does one command of `team-billing.<team>`. What is malformed is refused like any other refusal: as data. */
export async function teamCommand(
  deps: ActivityDeps,
  request: TeamCommandRequest,
): Promise<TeamCommandAnswer> {
  const team = teamIdSchema.safeParse(request.team);
  if (!team.success) return malformed(`team "${request.team}"`, team.error);
  const commands = commandsOf(deps, team.data);
  return commands[request.command](request.payload);
}

type Handler = (payload: unknown) => Promise<TeamCommandAnswer>;

function commandsOf({ ledger }: ActivityDeps, team: string): Record<TeamCommandRequest['command'], Handler> {
  const options = { timeoutMs: COMMAND_TIMEOUT_MS };
  return {
    setPayAsYouGo: parsed(setPayAsYouGoSchema, async ({ requestId, actor, enabled, capUsd }) => {
      const cap = enabled && capUsd !== undefined ? parseUsd(capUsd) : null;
      const result = await ledger.submit({ kind: 'setPayg', team, requestId, actor, enabled, cap }, options);
      return result.status === 'refused'
        ? refused(result)
        : { status: 'done', enabled: result.enabled, stillCharged: toText(result.stillCharged) };
    }),
    changePlan: parsed(changePlanSchema, async ({ requestId, actor, plan }) => {
      const result = await ledger.submit({ kind: 'changePlan', team, requestId, actor, plan }, options);
      return result.status === 'refused'
        ? refused(result)
        : { status: 'done', counts: result.counts, granted: toText(result.granted) };
    }),
    addCredits: parsed(addCreditsSchema, async ({ requestId, actor, credits, expiresAt, note }) => {
      const amount = parseCredits(credits);
      const until = expiresAt === undefined ? null : Date.parse(expiresAt);
      const result = await ledger.submit(
        { kind: 'addCredits', team, requestId, actor, amount, expiresAt: until, note: note ?? null },
        options,
      );
      return result.status === 'refused' ? refused(result) : { status: 'done', grant: result.grant };
    }),
    adjustCredits: parsed(adjustCreditsSchema, async ({ requestId, actor, credits, expiresAt, reason }) => {
      const until = expiresAt === undefined ? {} : { expiresAt: Date.parse(expiresAt) };
      const amount = parseCredits(credits);
      const result = await ledger.submit(
        { kind: 'adjustCredits', team, requestId, actor, amount, reason, ...until },
        options,
      );
      return result.status === 'refused'
        ? refused(result)
        : { status: 'done', amount: toText(result.amount) };
    }),
    reverseCharge: parsed(reverseChargeSchema, async ({ requestId, actor, runId, key, reason }) => {
      const result = await ledger.submit(
        { kind: 'reverseCharge', team, requestId, actor, runId, key, reason },
        options,
      );
      return result.status === 'refused'
        ? refused(result)
        : { status: 'reversed', amount: toText(result.amount) };
    }),
    setTeamStatus: parsed(setTeamStatusSchema, async ({ requestId, actor, status }) => {
      const result = await ledger.submit({ kind: 'setTeamStatus', team, requestId, actor, status }, options);
      return result.status === 'refused' ? refused(result) : { status: 'done' };
    }),
    upsertTeam: parsed(upsertTeamSchema, async (settings) => {
      const { plan, anchor, timeZone, openingCredits, overdraftPolicy } = settings;
      const { customIncludedCredits, runLimitCredits } = settings;
      const result = await ledger.submit(
        {
          kind: 'upsertTeam',
          team,
          plan,
          anchor: anchor.length === 16 ? `${anchor}:00` : anchor,
          timeZone,
          ...(openingCredits === undefined ? {} : { openingBalance: parseCredits(openingCredits) }),
          ...(overdraftPolicy === undefined ? {} : { overdraftPolicy }),
          ...(customIncludedCredits === undefined
            ? {}
            : {
                customIncluded: customIncludedCredits === null ? null : parseCredits(customIncludedCredits),
              }),
          ...(runLimitCredits === undefined
            ? {}
            : { runLimit: runLimitCredits === null ? null : parseCredits(runLimitCredits) }),
        },
        options,
      );
      return result.status === 'refused' ? refused(result) : { status: result.status };
    }),
  };
}

function parsed<T>(schema: z.ZodType<T>, act: (payload: T) => Promise<TeamCommandAnswer>): Handler {
  return (payload) => {
    const result = schema.safeParse(payload);
    return result.success ? act(result.data) : Promise.resolve(malformed('the command', result.error));
  };
}

function malformed(what: string, error: z.ZodError): CommandRefused {
  const [issue] = error.issues;
  const path = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.map(String).join('.')}: `;
  return {
    status: 'refused',
    reason: 'invalid',
    message: `${what}: ${path}${issue?.message ?? 'malformed'}`,
  };
}

function refused({ reason, message, detail }: Refused): CommandRefused {
  return { status: 'refused', reason, message, ...(detail === undefined ? {} : { detail }) };
}
