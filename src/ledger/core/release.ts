import { type Millicredits } from '../../contracts/millicredits';
import { type Instant } from '../../contracts/time';
import { admitWaiting, mayRunAt } from './admit';
import { type Draft } from './draft';
import { leaveLine } from './line';
import { type Release, type ReleaseWindow, type Results, type Told } from './operations';
import { sumOf } from './parts';
import { spendable } from './spendable';
import { type Run } from './types';

/**
 * Admits waiting runs in order, each with its hold, while something is spendable and the window has room for one more
 * that is unheard of; no more than `most`. Those who may not go any more, because their team was closed
 * or their plan has no private runner now, are put out of the line.
 */
export function release(draft: Draft, op: Release): Results['release'] {
  const runs: { runId: string; workflowId: string; held: Millicredits }[] = [];
  let room = roomIn(draft, op.window);
  for (let visited = 0; visited < op.most && mustAct(draft); visited += 1) {
    const head = draft.line[0];
    if (head === undefined) break;
    const run = draft.runs.get(head);
    if (run?.status !== 'waiting') {
      throw new Error(`team "${op.team}": run "${head}" stands in the line and does not wait`);
    }
    if (draft.team.status === 'closed') leaveLine(draft, run, 'team-closed', true);
    else if (!mayRunAt(draft, run.context.location)) leaveLine(draft, run, 'not-on-plan', true);
    else if (room <= 0) break;
    else {
      const admitted = admitWaiting(draft, run, true);
      runs.push({ runId: run.runId, workflowId: run.workflowId, held: sumOf(admitted.holds) });
      room -= 1;
    }
  }
  const more = mustAct(draft);
  return { status: 'released', runs, stillWaiting: draft.team.waiting, more, windowFull: more && room <= 0 };
}

/** How many more may be admitted and unheard of. */
function roomIn(draft: Draft, window: ReleaseWindow | undefined): number {
  return window === undefined ? Infinity : window.size - unheardOf(draft, draft.time - window.patienceMs);
}

/** How many that were admitted from the line are unheard of. Those admitted by `since` are waited for no longer. */
function unheardOf(draft: Draft, since: Instant): number {
  const starting: Run[] = [];
  for (const run of draft.runs.values()) if (run.starting) starting.push(run);
  const late = starting.filter(({ admittedAt }) => admittedAt !== null && admittedAt <= since);
  for (const run of late) draft.setRun({ ...run, starting: false });
  return starting.length - late.length;
}

/**
 * Runs wait, and something is spendable for an active team; or the team is closed, and they must leave: somebody must
 * act. What `wake` says.
 */
export function mustAct(draft: Draft): boolean {
  if (draft.team.waiting === 0) return false;
  switch (draft.team.status) {
    case 'active':
      return spendable(draft) > 0n;
    case 'suspended':
      return false;
    case 'closed':
      return true;
  }
}

/** The runs know what became of them. Ids nobody knows are passed over. */
export function told(draft: Draft, op: Told): Results['told'] {
  for (const runId of op.runIds) {
    const run = draft.runs.get(runId);
    if (run?.tell === true) draft.setRun({ ...run, tell: false });
  }
  return { status: 'told' };
}
