import { type CommitRequest, type MeteredRun, type UncommittedUsage } from '../contracts/activities';
import { type Charge } from '../contracts/charge';
import { parseMillicredits, toText, ZERO } from '../contracts/millicredits';
import { usageSchema } from '../contracts/usage';
import { PricingRefusal, type RateCard } from '../pricing';
import { type MeteringDeps } from './deps';
import { cardOf } from './execute-block';
import { malformed } from './failures';
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
  const price = priced(used, run, cardOf(deps, run));
  if (parseMillicredits(price.millicredits) === ZERO) {
    const { team, runId } = run;
    await deps.ledger.submit({ kind: 'unreserve', team, runId, key }, { timeoutMs: COMMIT_TIMEOUT_MS });
    return { charged: '0' };
  }
  const charged = await commit(deps.ledger, { run, key, type, failed }, usage, price, COMMIT_TIMEOUT_MS);
  return { charged: toText(charged) };
}

/** What a private runner says of its usage is not ours: trying what has no price again would not mend it. */
function priced(used: UncommittedUsage, run: MeteredRun, card: RateCard): Charge {
  const what = `commit of "${used.key}"`;
  const usage = usageSchema.safeParse(used.usage);
  if (!usage.success)
    throw malformed(what, `its usage is malformed: ${usage.error.issues[0]?.message ?? ''}`);
  try {
    return priceOf(used, run, card, usage.data, used.failed);
  } catch (error) {
    if (error instanceof PricingRefusal) throw malformed(what, `cannot be priced: ${error.message}`);
    throw error;
  }
}

/** Nobody waits for this one but its workflow. */
const COMMIT_TIMEOUT_MS = 10_000;
