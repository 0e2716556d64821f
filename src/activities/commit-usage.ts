import { type CommitRequest } from '../contracts/activities';
import { toText } from '../contracts/millicredits';
import { type MeteringDeps } from './deps';
import { cardOf } from './execute-block';
import { commit, priceOf } from './metering';

/** Commits usage that travelled with a block's result because the ledger was away. Tried until it is done. */
export async function commitUsage(
  deps: MeteringDeps,
  { run, used }: CommitRequest,
): Promise<{ charged: string }> {
  const { key, type, usage, failed } = used;
  const price = priceOf(used, run, cardOf(deps, run), usage, failed);
  const charged = await commit(deps.ledger, { run, key, type, failed }, usage, price, COMMIT_TIMEOUT_MS);
  return { charged: toText(charged) };
}

/** Nobody waits for this one but its workflow. */
const COMMIT_TIMEOUT_MS = 10_000;
