import { type Instant } from '../../contracts/time';
import { addCredits, voidPack } from './packs';
import { adjustCredits } from './adjust';
import { raiseAlerts } from './alerts';
import { admit } from './admit';
import { close, leave } from './close';
import { commit } from './commit';
import { discardWaiting } from './discard';
import { Draft } from './draft';
import { type Operation, type Result } from './operations';
import { setPayg } from './payg';
import { changePlan } from './plan-change';
import { refused } from './refusals';
import { mustAct, release, told } from './release';
import { ANSWERS, isRefused, once } from './request';
import { reserve } from './reserve';
import { reverseCharge, reverseRun } from './reverse';
import { rollover } from './rollover';
import { setTeamStatus } from './team-status';
import { type BatchOutcome, type Books, type Outcome, type Rules, type TeamChanges } from './types';
import { unreserve } from './unreserve';
import { cannotCreate, newBooks, upsertTeam } from './upsert-team';

/**
 * Applies operations in order to the books of their teams, at the ledger's time `now` (a team's time never runs
 * backwards: it is the later of `now` and the team's last). Pure: the books are not touched, the same arguments give
 * the same outcome. A refusal changes nothing but what had become due before it; an operation that throws changes
 * nothing, its outcome is the error, and its neighbours go on.
 */
export function applyBatch(
  books: ReadonlyMap<string, Books>,
  operations: readonly Operation[],
  now: Instant,
  rules: Rules,
): BatchOutcome {
  const drafts = new Map<string, Draft>();
  const outcomes = operations.map((op) => applyOne(books, drafts, op, now, rules));
  const changes = new Map<string, TeamChanges>();
  for (const [team, draft] of drafts) {
    const changed = draft.changes();
    if (changed !== null) changes.set(team, changed);
  }
  return { outcomes, changes };
}

function applyOne(
  books: ReadonlyMap<string, Books>,
  drafts: Map<string, Draft>,
  op: Operation,
  now: Instant,
  rules: Rules,
): Outcome {
  try {
    const draft = drafts.get(op.team) ?? open(books, drafts, op.team, rules);
    if (draft === null) return create(drafts, op, now, rules);
    return step(draft, op, now);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function open(
  books: ReadonlyMap<string, Books>,
  drafts: Map<string, Draft>,
  team: string,
  rules: Rules,
): Draft | null {
  const known = books.get(team);
  if (known === undefined) return null;
  const draft = new Draft(known, rules, false);
  drafts.set(team, draft);
  return draft;
}

function create(drafts: Map<string, Draft>, op: Operation, now: Instant, rules: Rules): Result {
  if (op.kind !== 'upsertTeam') {
    return refused('unknown-team', `team "${op.team}" is unknown; create it first`);
  }
  const refusal = cannotCreate(op, now, rules);
  if (refusal !== null) return refusal;
  const draft = new Draft(newBooks(op, now), rules, true);
  const result = upsertTeam(draft, op, true);
  draft.mark();
  drafts.set(op.team, draft);
  return result;
}

/** First what has become due, which stands by itself; then the operation, whole or not at all. */
function step(draft: Draft, op: Operation, now: Instant): Result {
  const time = Math.max(now, draft.team.lastTime);
  try {
    const periodsClosed = rollover(draft, time);
    keep(draft);
    const result = perform(draft, op, periodsClosed);
    if (isRefused(result)) draft.rollback();
    else keep(draft);
    return result;
  } catch (error) {
    draft.rollback();
    throw error;
  }
}

/** What the step changed stands; an unchanged team keeps its row as it was, its last time too. */
function keep(draft: Draft): void {
  if (!draft.touched) return;
  raiseAlerts(draft);
  const team = draft.edit();
  team.lastTime = draft.time;
  team.wake = mustAct(draft);
  draft.mark();
}

function perform(draft: Draft, op: Operation, periodsClosed: number): Result {
  switch (op.kind) {
    case 'upsertTeam':
      return upsertTeam(draft, op, false);
    case 'admit':
      return admit(draft, op);
    case 'leave':
      return leave(draft, op);
    case 'reserve':
      return reserve(draft, op);
    case 'commit':
      return commit(draft, op);
    case 'unreserve':
      return unreserve(draft, op);
    case 'close':
      return close(draft, op);
    case 'release':
      return release(draft, op);
    case 'told':
      return told(draft, op);
    case 'touch':
      return { status: 'current', period: draft.team.period.index, periodsClosed };
    case 'setPayg':
      return once(draft, op, ANSWERS.setPayg, () => setPayg(draft, op));
    case 'changePlan':
      return once(draft, op, ANSWERS.changePlan, () => changePlan(draft, op));
    case 'addCredits':
      return once(draft, op, ANSWERS.addCredits, () => addCredits(draft, op));
    case 'voidPack':
      return once(draft, op, ANSWERS.voidPack, () => voidPack(draft, op));
    case 'adjustCredits':
      return once(draft, op, ANSWERS.adjustCredits, () => adjustCredits(draft, op));
    case 'reverseCharge':
      return once(draft, op, ANSWERS.reverseCharge, () => reverseCharge(draft, op));
    case 'reverseRun':
      return once(draft, op, ANSWERS.reverseRun, () => reverseRun(draft, op));
    case 'discardWaiting':
      return once(draft, op, ANSWERS.discardWaiting, () => discardWaiting(draft, op));
    case 'setTeamStatus':
      return once(draft, op, ANSWERS.setTeamStatus, () => setTeamStatus(draft, op));
  }
}
