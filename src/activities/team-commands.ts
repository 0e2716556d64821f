import { type TeamCommandAnswer, type TeamCommandRequest } from '../contracts/activities';
import { unkeptIn } from '../contracts/kept';
import { toText, parseCredits } from '../contracts/millicredits';
import { parseUsd } from '../contracts/money';
import { teamIdSchema } from '../contracts/run';
import {
  addCreditsSchema,
  adjustCreditsSchema,
  changePlanSchema,
  discardWaitingSchema,
  reverseChargeSchema,
  reverseRunSchema,
  setPayAsYouGoSchema,
  setTeamStatusSchema,
  upsertTeamSchema,
  voidPackSchema,
  type CommandRefused,
} from '../contracts/team';
import { LedgerFault } from '../ledger';
import { type Refused } from '../ledger/core/operations';
import { type z } from 'zod';
import { type ActivityDeps } from './deps';
import { commandFailed } from './failures';
import { upsertOf } from './team-settings';

const MOST_DISCARDED = 10_000;
/** Operators wait for these; a ledger that does not answer is tried again by Temporal. */
const COMMAND_TIMEOUT_MS = 10_000;

/**
 * Parses and does one command of `team-billing.<team>`. What is malformed is refused like any other refusal: as data.
 * Throws what Temporal tries again while the ledger does not answer, and `CommandFailed` where it cannot carry it out.
 */
export async function teamCommand(
  deps: Pick<ActivityDeps, 'ledger'>,
  request: TeamCommandRequest,
): Promise<TeamCommandAnswer> {
  const team = teamIdSchema.safeParse(request.team);
  if (!team.success) return malformed(`team "${request.team}"`, team.error);
  const commands = commandsOf(deps, team.data);
  try {
    return await commands[request.command](request.payload);
  } catch (error) {
    throw error instanceof LedgerFault ? commandFailed(request.command, team.data, error) : error;
  }
}

type Handler = (payload: unknown) => Promise<TeamCommandAnswer>;

function commandsOf(
  { ledger }: Pick<ActivityDeps, 'ledger'>,
  team: string,
): Record<TeamCommandRequest['command'], Handler> {
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
    addCredits: parsed(addCreditsSchema, async ({ requestId, actor, credits, expiresAt, note, paid }) => {
      const result = await ledger.submit(
        {
          kind: 'addCredits',
          team,
          requestId,
          actor,
          amount: parseCredits(credits),
          expiresAt: expiresAt === undefined ? null : Date.parse(expiresAt),
          note: note ?? null,
          ...(paid === undefined ? {} : { paid: { ...paid, reference: paid.reference ?? null } }),
        },
        options,
      );
      return result.status === 'refused' ? refused(result) : { status: 'done', grant: result.grant };
    }),
    voidPack: parsed(voidPackSchema, async (command) => {
      const result = await ledger.submit({ kind: 'voidPack', team, ...command }, options);
      return result.status === 'refused'
        ? refused(result)
        : { status: 'done', amount: toText(result.amount) };
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
    reverseCharge: parsed(reverseChargeSchema, async ({ line, ...command }) => {
      const result = await ledger.submit(
        { kind: 'reverseCharge', team, ...command, ...(line === undefined ? {} : { line }) },
        options,
      );
      return result.status === 'refused'
        ? refused(result)
        : { status: 'reversed', amount: toText(result.amount) };
    }),
    reverseRun: parsed(reverseRunSchema, async (command) => {
      const result = await ledger.submit({ kind: 'reverseRun', team, ...command }, options);
      return result.status === 'refused'
        ? refused(result)
        : { status: 'reversed', amount: toText(result.amount), charges: result.charges };
    }),
    discardWaiting: parsed(
      discardWaitingSchema,
      async ({ requestId, actor, reason, flow, trigger, before, runIds, most }) => {
        const result = await ledger.submit(
          {
            kind: 'discardWaiting',
            team,
            requestId,
            actor,
            reason,
            flow: flow ?? null,
            trigger: trigger ?? null,
            before: before === undefined ? null : Date.parse(before),
            runIds: runIds ?? null,
            most: most ?? MOST_DISCARDED,
          },
          options,
        );
        return result.status === 'refused'
          ? refused(result)
          : { status: 'done', discarded: result.discarded, more: result.more };
      },
    ),
    setTeamStatus: parsed(setTeamStatusSchema, async ({ requestId, actor, status }) => {
      const result = await ledger.submit({ kind: 'setTeamStatus', team, requestId, actor, status }, options);
      return result.status === 'refused' ? refused(result) : { status: 'done' };
    }),
    upsertTeam: parsed(upsertTeamSchema, async (settings) => {
      const result = await ledger.submit(upsertOf(team, settings), options);
      return result.status === 'refused' ? refused(result) : { status: result.status };
    }),
  };
}

function parsed<T>(schema: z.ZodType<T>, act: (payload: T) => Promise<TeamCommandAnswer>): Handler {
  return (payload) => {
    const unkept = unkeptIn(payload);
    if (unkept !== null) return Promise.resolve(invalid(`the command: ${unkept.path} ${unkept.message}`));
    const result = schema.safeParse(payload);
    return result.success ? act(result.data) : Promise.resolve(malformed('the command', result.error));
  };
}

function malformed(what: string, error: z.ZodError): CommandRefused {
  const [issue] = error.issues;
  const path = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.map(String).join('.')}: `;
  return invalid(`${what}: ${path}${issue?.message ?? 'malformed'}`);
}

function invalid(message: string): CommandRefused {
  return { status: 'refused', reason: 'invalid', message };
}

function refused({ reason, message, detail }: Refused): CommandRefused {
  return { status: 'refused', reason, message, ...(detail === undefined ? {} : { detail }) };
}
