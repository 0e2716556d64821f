import { max, ZERO } from '../../contracts/millicredits';
import { type Instant } from '../../contracts/time';
import { amountFault } from './amounts';
import { makeRoom, ruleFor } from './backlog';
import { type Draft } from './draft';
import { firstHold, holdMore } from './hold';
import { joinLine, released } from './line';
import {
  type Admit,
  type Admitted,
  type Quote,
  type Refused,
  type Results,
  type Waiting,
  type WaitReason,
} from './operations';
import { sumOf } from './parts';
import { refused } from './refusals';
import { orderOfUse } from './order-of-use';
import { isExpired, spendable } from './spendable';
import { type Run, type Team } from './types';

/**
 * Decides whether a run may start. Asking again gets the answer that holds now, and changes nothing but for the first
 * of the line, which goes if something has become spendable.
 */
export function admit(draft: Draft, op: Admit): Results['admit'] {
  const known = draft.runs.get(op.runId);
  if (known !== undefined) return admitAgain(draft, known);
  const closedDoor = mayNotStart(draft.team) ?? cannotRunThere(draft, op);
  if (closedDoor !== null) return closedDoor;
  const quote = quoteInForce(op.quotes, draft.time);
  if (quote === null) {
    return refused('no-rate-card', `team "${op.team}": no rate card is in force yet for run "${op.runId}"`);
  }
  const fault =
    amountFault('an estimate in millicredits', quote.least) ??
    amountFault('a likely charge in millicredits', quote.likely) ??
    amountFault('a limit in millicredits', op.limit ?? 0n);
  if (fault !== null) return refused('invalid', `run "${op.runId}": ${fault}`);
  const run = asked(draft, op, quote);
  if (!run.requiresCredits) return start(draft, run);
  if (mayStart(draft)) return start(draft, withFirstHold(draft, run));
  if (run.mode === 'observe') return start(draft, { ...run, wouldHaveWaited: true });
  const turnedAway = makeRoom(draft, run);
  if (turnedAway !== null) return turnedAway;
  // Nobody may be left before it, now that it took the places of others.
  if (mayStart(draft)) return start(draft, withFirstHold(draft, run));
  return waitingAnswer(draft, joinLine(draft, run, waitReason(draft)));
}

/** A run that requires credits is admitted iff nobody waits before it and something is spendable. */
function mayStart(draft: Draft): boolean {
  return draft.team.waiting === 0 && spendable(draft) > 0n;
}

/** What a suspended or closed team is told: nothing new starts. */
export function mayNotStart(team: Team): Refused | null {
  switch (team.status) {
    case 'active':
      return null;
    case 'suspended':
      return refused('team-suspended', `team "${team.team}" is suspended: no run starts until it is active`);
    case 'closed':
      return refused('team-closed', `team "${team.team}" is closed: no run starts`);
  }
}

/** A private runner is part of some plans only. */
function cannotRunThere(draft: Draft, { team, context }: Pick<Admit, 'team' | 'context'>): Refused | null {
  if (mayRunAt(draft, context.location)) return null;
  const { plan } = draft.team;
  return refused(
    'not-on-plan',
    `team "${team}": plan "${plan}" has no private runner; change to a plan that has it, or run in the cloud`,
    { plan },
  );
}

export function mayRunAt(draft: Draft, location: Admit['context']['location']): boolean {
  return location !== 'private-runner' || draft.plan().privateRunner;
}

/** The quote under the rate card in force: the latest that has begun. */
export function quoteInForce(quotes: readonly Quote[], at: Instant): Quote | null {
  let inForce: Quote | null = null;
  for (const quote of quotes) {
    if (quote.inForceFrom > at) continue;
    if (inForce === null || quote.inForceFrom >= inForce.inForceFrom) inForce = quote;
  }
  return inForce;
}

/** Admits the first of the line, with its hold. `tell`: it does not ask by itself, somebody must signal it. */
export function admitWaiting(draft: Draft, run: Run, tell: boolean): Run {
  draft.leave(run);
  const held = withFirstHold(draft, run);
  const admitted: Run = { ...held, status: 'admitted', admittedAt: draft.time, tell, starting: tell };
  draft.setRun(admitted);
  released(draft, admitted);
  return admitted;
}

export function admittedAnswer(run: Run): Admitted {
  return {
    status: 'admitted',
    rateCard: run.rateCard,
    held: sumOf(run.holds),
    wouldHaveWaited: run.wouldHaveWaited,
  };
}

function admitAgain(draft: Draft, run: Run): Results['admit'] {
  switch (run.status) {
    case 'admitted':
      return admittedAnswer(run);
    case 'closed':
    case 'left':
      return { status: run.status, reason: run.closeReason };
    case 'waiting':
      return mayGoFirst(draft, run)
        ? admittedAnswer(admitWaiting(draft, run, false))
        : waitingAnswer(draft, run);
  }
}

/** It is the first of the line and something has become spendable. */
function mayGoFirst(draft: Draft, run: Run): boolean {
  const { status } = draft.team;
  if (status !== 'active' || !mayRunAt(draft, run.context.location)) return false;
  return draft.placeInLine(run) === 1 && spendable(draft) > 0n;
}

function start(draft: Draft, run: Run): Admitted {
  const admitted: Run = { ...run, status: 'admitted', admittedAt: draft.time };
  draft.setRun(admitted);
  return admittedAnswer(admitted);
}

function withFirstHold(draft: Draft, run: Run): Run {
  return holdMore(draft, run, firstHold(draft, run), null);
}

function waitingAnswer(draft: Draft, run: Run): Waiting {
  return {
    status: 'waiting',
    rateCard: run.rateCard,
    place: draft.placeInLine(run),
    reason: waitReason(draft),
    nextReset: draft.team.period.end,
    longestWaitMs: ruleFor(draft.team, run.context.trigger).longestWaitMs,
  };
}

export function waitReason(draft: Draft): WaitReason {
  return somethingIsLeft(draft) ? 'held' : 'spent';
}

/** Not all is spent: something is spendable (runs before this one have a claim on it), or runs hold it. */
function somethingIsLeft(draft: Draft): boolean {
  if (draft.team.paygHeld > 0n || spendable(draft) > 0n) return true;
  return orderOfUse(draft).some((id) => {
    const grant = draft.grant(id);
    return grant.held > 0n && !isExpired(grant, draft.time);
  });
}

/** The run's row as it first asks; its card, flow and limit are pinned here. */
function asked(draft: Draft, op: Admit, quote: Quote): Run {
  const { runLimit } = draft.team;
  const limits = [op.limit, runLimit].filter((limit) => limit !== null);
  const [first, second] = limits;
  const limit = first === undefined ? null : second !== undefined && second < first ? second : first;
  return {
    runId: op.runId,
    workflowId: op.workflowId,
    executionId: op.executionId,
    flow: op.flow,
    status: 'waiting',
    mode: op.mode,
    context: op.context,
    rateCard: quote.rateCard,
    flowHash: op.flowHash,
    requiresCredits: quote.requiresCredits,
    least: quote.least,
    likely: max(quote.least, quote.likely),
    limit,
    askedAt: draft.time,
    place: null,
    admittedAt: null,
    closedAt: null,
    closeReason: null,
    wouldHaveWaited: false,
    tell: false,
    starting: false,
    holds: [],
    reservations: {},
    charged: ZERO,
  };
}
