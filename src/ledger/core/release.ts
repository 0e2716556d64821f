import { type Millicredits } from '../../contracts/millicredits';
import { admitWaiting } from './admit';
import { type Draft } from './draft';
import { type Release, type Results, type Told } from './operations';
import { sumOf } from './parts';
import { spendable } from './spendable';

/** Admits waiting runs in order, each with its hold, while something is spendable, and no more than `most`. */
export function release(draft: Draft, op: Release): Results['release'] {
  const runs: { runId: string; workflowId: string; held: Millicredits }[] = [];
  while (runs.length < op.most && mayRelease(draft)) {
    const head = draft.line[0];
    if (head === undefined) break;
    const run = draft.runs.get(head);
    if (run?.status !== 'waiting') {
      throw new Error(`team "${op.team}": run "${head}" stands in the line and does not wait`);
    }
    const admitted = admitWaiting(draft, run, true);
    runs.push({ runId: run.runId, workflowId: run.workflowId, held: sumOf(admitted.holds) });
  }
  return { status: 'released', runs, stillWaiting: draft.team.waiting, more: mayRelease(draft) };
}

/** Runs wait, the team is active, and something is spendable: somebody must act. What `wake` says. */
export function mayRelease(draft: Draft): boolean {
  return draft.team.waiting > 0 && draft.team.status === 'active' && spendable(draft) > 0n;
}

/** The runs know that they were admitted. Ids nobody knows are passed over. */
export function told(draft: Draft, op: Told): Results['told'] {
  for (const runId of op.runIds) {
    const run = draft.runs.get(runId);
    if (run?.tell === true) draft.setRun({ ...run, tell: false });
  }
  return { status: 'told' };
}
