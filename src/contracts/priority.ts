/** How runs and their blocks queue in Temporal. No zod here: workflows import this file. */

/** Temporal's own default; lower goes first. */
const FRESH = 3;
/** Runs that waited come in crowds when credits are released: newer runs must not queue behind the crowd. */
const RELEASED = 4;
/** A server refuses longer ones. A team's id is ASCII, so characters are bytes. */
const FAIRNESS_KEY_MOST = 64;

/** Temporal's `Priority`, as far as we use it. Fairness needs `matching.enableFairness` on the server. */
export interface QueuePriority {
  readonly priorityKey: number;
  readonly fairnessKey: string;
}

/** A run as it starts: teams share what there is. */
export function runPriority(team: string): QueuePriority {
  return { priorityKey: FRESH, fairnessKey: team.slice(0, FAIRNESS_KEY_MOST) };
}

/** The blocks of a run: a crowd of released runs gives way. */
export function blockPriority(team: string, waited: boolean): QueuePriority {
  return { ...runPriority(team), priorityKey: waited ? RELEASED : FRESH };
}
