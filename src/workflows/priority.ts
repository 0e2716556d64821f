import { type Priority } from '@temporalio/common';

/** Temporal's own default; lower goes first. */
const FRESH = 3;
/** Runs that waited come in crowds when credits are released: newer runs must not queue behind the crowd. */
const RELEASED = 4;
/** A server refuses longer ones. A team's id is ASCII, so characters are bytes. */
const FAIRNESS_KEY_MOST = 64;

/** How the blocks of a run queue: teams share what there is, and a crowd of released runs gives way. */
export function blockPriority(team: string, waited: boolean): Priority {
  return { priorityKey: waited ? RELEASED : FRESH, fairnessKey: team.slice(0, FAIRNESS_KEY_MOST) };
}
