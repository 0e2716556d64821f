import { ApplicationFailure, CancellationScope, proxyActivities } from '@temporalio/workflow';
import {
  type BlockFailureDetail,
  type ExecuteBlock,
  type ExecutedBlock,
  type MeteredRun,
  type Settlement,
  type UncommittedUsage,
} from '../contracts/activities';
import { FAILURE } from '../contracts/failures';
import { applicationFailureOf, type Registered } from './our-activities';

/** Blocks that their workflow commits: an AI Agent, and what a private runner executes. */

/** What came of one. What it used is in `settlement`, whatever ended it. */
export type MeteredEnd =
  | { readonly answer: ExecutedBlock }
  | { readonly error: unknown; readonly settlement: Settlement | undefined };

/** Before the block's end is told, so that the next block's reservation comes after it; but not for an outage's length. */
const commitSoon = proxyActivities<Registered>({
  startToCloseTimeout: '5s',
  scheduleToCloseTimeout: '5s',
  retry: { initialInterval: '200ms', maximumInterval: '1s' },
});

/** Throws what the ledger's worker makes of it, or that it is away. */
function commitNow(run: MeteredRun, used: UncommittedUsage): Promise<Settlement> {
  return CancellationScope.nonCancellable(() => commitSoon['flowCredits.commit']({ run, used }));
}

/** The ledger is away: the run goes on, and commits it until it is done. */
export function commitLater(used: UncommittedUsage): Settlement {
  return { charged: null, uncommitted: used };
}

/** A failure of the block as one of its activities would tell it. */
export function blockFailure(
  { key, block }: Pick<ExecuteBlock, 'key' | 'block'>,
  cause: string,
  message: string,
): ApplicationFailure {
  const detail: BlockFailureDetail = { key, type: block.type, cause, message };
  return ApplicationFailure.nonRetryable(
    `block "${key}" (${block.type}) failed: ${message}`,
    FAILURE.blockFailed,
    detail,
  );
}

/** `refusal`: the ledger's worker has no price for the usage. */
export interface Settled {
  readonly settlement: Settlement | undefined;
  readonly refusal: string | null;
}

/** Commits what a block or an activity used before its end is told; null: there is nothing to commit. Never rejects. */
export async function settle(
  run: MeteredRun | null,
  used: UncommittedUsage | null,
  reserved: boolean,
): Promise<Settled> {
  if (run === null || used === null) return { settlement: undefined, refusal: null };
  try {
    return { settlement: await commitNow(run, used), refusal: null };
  } catch (error) {
    const refused = applicationFailureOf(error);
    if (refused?.nonRetryable !== true) return { settlement: commitLater(used), refusal: null };
    const nothing = reserved ? commitLater({ ...used, usage: {}, failed: true }) : undefined;
    return { settlement: nothing, refusal: refused.message };
  }
}
