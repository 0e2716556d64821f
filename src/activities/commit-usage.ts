import { type CommitRequest } from '../contracts/activities';
import { parseMillicredits, toText, ZERO } from '../contracts/millicredits';
import { type MeteringDeps } from './deps';
import { cardOf } from './execute-block';
import { commit, priceOf } from './metering';

/**
 * Commits usage that travelled with a block's result, because the ledger was away or the block is an agent. Tried until
 * it is done. What costs nothing gives the block's reservation back instead.
 */
export async function commitUsage(
  deps: MeteringDeps,
  { run, used }: CommitRequest,
): Promise<{ charged: string }> {
  const { key, type, usage, failed } = used;
  const price = priceOf(used, run, cardOf(deps, run), usage, failed);
  if (parseMillicredits(price.millicredits) === ZERO) {
    const { team, runId } = run;
    await deps.ledger.submit({ kind: 'unreserve', team, runId, key }, { timeoutMs: COMMIT_TIMEOUT_MS });
    return { charged: '0' };
  }
  const charged = await commit(deps.ledger, { run, key, type, failed }, usage, price, COMMIT_TIMEOUT_MS);
  return { charged: toText(charged) };
}

/** Nobody waits for this one but its workflow. */
const COMMIT_TIMEOUT_MS = 10_000;
