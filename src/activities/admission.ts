import { z } from 'zod';
import {
  type Admission,
  type AdmitFlow,
  type LeaveAnswer,
  type LeaveRequest,
  type MeteredRun,
} from '../contracts/activities';
import { cutText } from '../contracts/blocks-size';
import { linked } from '../contracts/blocks-nested';
import { faultsOf } from '../contracts/faults';
import { type Fault } from '../contracts/flow';
import { parseMillicredits, toText } from '../contracts/millicredits';
import { runIdOf } from '../contracts/names';
import { catalogForRunner, defaultsOf } from '../contracts/own-blocks';
import { flowRunInputSchema, type AdmissionAnswer, type RejectReason } from '../contracts/run';
import { toIso } from '../contracts/time';
import { validateFlow } from '../contracts/validate-flow';
import { flowHash } from '../contracts/validate-flow-hash';
import { type Admit, type Refused } from '../ledger/core/operations';
import { contextOf } from '../pricing';
import { type ActivityDeps, type MeteringDeps } from './deps';
import { ledgerRefused, runLeft } from './failures';
import { flowQuotes } from './quotes';

/** Flows are checked by `validateFlow`, whose messages name the block. */
const doorSchema = flowRunInputSchema.extend({ flow: z.unknown(), flows: z.unknown().optional() });

/** What the door needs: beside the meter, the block types there are. */
export type DoorDeps = MeteringDeps & Pick<ActivityDeps, 'blocks'>;

/** The answer where nothing is metered. */
export const UNMETERED: AdmissionAnswer = {
  status: 'admitted',
  rateCard: '',
  held: '0',
  wouldHaveWaited: false,
};

/**
 * The door of a flow run: parses its input, validates the flow, prices it under every rate card, and asks the ledger.
 * What is wrong with a flow is an answer, `rejected` with its faults; only a ledger that does not answer is thrown.
 */
export async function admitFlow(deps: DoorDeps, request: AdmitFlow): Promise<Admission> {
  const parsed = doorSchema.safeParse(request.input);
  if (!parsed.success) {
    return rejected('the input of flowRun is malformed', startFaults(parsed.error, request.input));
  }
  const { team, trigger, location, cloudRun, creditLimit, mode = 'enforce' } = parsed.data;
  const blocks = location === 'private-runner' ? catalogForRunner(deps.blocks) : deps.blocks;
  const validated = validateFlow(parsed.data.flow, { blocks, flows: parsed.data.flows });
  if (!validated.ok) return rejected(nameOf(parsed.data.flow), validated.faults);
  const { flow, flows = {} } = validated;
  const priced = contextOf({ trigger, location, cloudRun });
  if ('faults' in priced) return rejected(nameOf(flow), priced.faults);
  const { context } = priced;
  const defaults = defaultsOf(deps.blocks);
  const about = {
    searchAttributes: deps.searchAttributes,
    ...(defaults === null ? {} : { blockDefaults: defaults }),
  };
  if (mode === 'off') return { answer: UNMETERED, run: null, ...about };

  const quoted = flowQuotes(deps.pricing, linked(flow, flows), context, deps.blocks);
  if ('faults' in quoted) return rejected(nameOf(flow), quoted.faults);
  const runId = runIdOf(request.workflowId, request.executionId);
  const { answer, rateCard, longestWaitMs } = await admitAtLedger(deps, {
    kind: 'admit',
    team,
    runId,
    workflowId: request.workflowId,
    executionId: request.executionId,
    flow: flow.name,
    flowHash: flowHash(flow, flows),
    context,
    mode,
    quotes: quoted.quotes,
    limit: creditLimit === undefined ? null : parseMillicredits(creditLimit),
  });
  const run: MeteredRun | null = rateCard === null ? null : { team, runId, rateCard, context, kind: 'flow' };
  const { longestWaitSeconds } = parsed.data;
  return { answer, run, ...about, ...longestWait(longestWaitSeconds, longestWaitMs) };
}

/** The shorter of what the run's start and its team's backlog rule say. */
export function longestWait(
  ownSeconds: number | undefined,
  ofTeamMs: number | null,
): Pick<Admission, 'longestWaitSeconds'> {
  const ofTeam = ofTeamMs === null ? Infinity : Math.ceil(ofTeamMs / 1000);
  const longestWaitSeconds = Math.min(ownSeconds ?? Infinity, ofTeam);
  return longestWaitSeconds === Infinity ? {} : { longestWaitSeconds };
}

export interface AtLedger {
  readonly answer: AdmissionAnswer;
  /** Null where the ledger rejected the run. */
  readonly rateCard: string | null;
  /** The team's rule for those that wait; null: none. */
  readonly longestWaitMs: number | null;
}

/** Asks the ledger. Repeating it gives the present answer. */
export async function admitAtLedger(deps: MeteringDeps, operation: Admit): Promise<AtLedger> {
  const result = await deps.ledger.submit(operation, { timeoutMs: deps.deadlines.admitMs });
  switch (result.status) {
    case 'admitted': {
      const { rateCard, held, wouldHaveWaited } = result;
      const answer = { status: 'admitted', rateCard, held: toText(held), wouldHaveWaited } as const;
      return { answer, rateCard, longestWaitMs: null };
    }
    case 'waiting': {
      const { rateCard, place, reason, nextReset, longestWaitMs } = result;
      const answer = { status: 'waiting', rateCard, place, reason, nextReset: toIso(nextReset) } as const;
      return { answer, rateCard, longestWaitMs };
    }
    case 'closed':
      return reopened(deps, operation);
    case 'left':
      throw runLeft(operation.runId, result.reason);
    case 'refused':
      return { answer: refusal(result), rateCard: null, longestWaitMs: null };
  }
}

/** The execution was reset to before its admission: it goes on under what it pinned; its first reserve reopens it. */
async function reopened(deps: MeteringDeps, { team, runId }: Admit): Promise<AtLedger> {
  const run = await deps.reader.run(team, runId);
  if (run === null) throw new Error(`run "${runId}" is closed, and the ledger has no row of it`);
  const { rateCard, wouldHaveWaited } = run;
  const answer = { status: 'admitted', rateCard, held: '0', wouldHaveWaited } as const;
  return { answer, rateCard, longestWaitMs: null };
}

const REJECT_REASONS: readonly RejectReason[] = [
  'unknown-team',
  'team-suspended',
  'team-closed',
  'no-rate-card',
  'not-on-plan',
  'no-credits',
  'line-full',
];

function refusal(refused: Refused): AdmissionAnswer {
  const reason = REJECT_REASONS.find((known) => known === refused.reason);
  if (reason === undefined) throw ledgerRefused('admission', refused);
  return { status: 'rejected', reason, message: refused.message };
}

/** What a refusal may hold: it travels in the run's history, and what it quotes is as long as whoever sent it liked. */
const FAULTS_MOST = 200;
const TEXT_MOST = 600;

const cut = (text: string): string => cutText(text, TEXT_MOST);

function rejected(what: string, all: readonly Fault[]): Admission {
  const [first] = all;
  const more = all.length > 1 ? ` (and ${all.length - 1} more)` : '';
  const message = `${cut(what)}: ${cut(first?.message ?? 'malformed')}${more}`;
  const faults = all
    .slice(0, FAULTS_MOST)
    .map((fault) => ({ path: cut(fault.path), message: cut(fault.message) }));
  const answer = { status: 'rejected', reason: 'invalid-flow', message, faults } as const;
  return { answer, run: null, searchAttributes: false };
}

function nameOf(flow: unknown): string {
  const name = typeof flow === 'object' && flow !== null && 'name' in flow ? flow.name : undefined;
  return typeof name === 'string' ? `flow "${name}"` : 'the flow';
}

/** What is wrong with a start beside its flow; a message names what it is about, as those of flows do. */
function startFaults(error: z.ZodError, input: unknown): readonly Fault[] {
  return faultsOf(error, input).map(({ path, message }) => {
    const at = path || 'input';
    return { path: at, message: `${at} ${message}` };
  });
}

/** Takes a run out of the line, unless it was admitted in the meantime. */
export async function leave(deps: MeteringDeps, { run, reason }: LeaveRequest): Promise<LeaveAnswer> {
  const { team, runId } = run;
  const result = await deps.ledger.submit({ kind: 'leave', team, runId, reason });
  if (result.status === 'refused') throw ledgerRefused(`leaving the line`, result);
  return { status: result.status === 'admitted' ? 'admitted' : 'left' };
}
