import { Context } from '@temporalio/activity';
import { type ReserveBlock, type ReservedBlock } from '../contracts/activities';
import { ZERO } from '../contracts/millicredits';
import { likely } from '../pricing';
import { type MeteringDeps } from './deps';
import { cardOf } from './execute-block';
import { meterOf, reserve } from './metering';

/**
 * Sets a block's likely charge aside where its workflow commits it: for an agent, and for a private runner's block. A
 * ledger that does not answer in time holds nobody up. Throws `RunCreditLimitReached`.
 */
export async function reserveBlock(
  deps: MeteringDeps,
  { run, key, block }: ReserveBlock,
): Promise<ReservedBlock> {
  const card = cardOf(deps, run);
  const amount = likely(block, run.context, card);
  if (amount === ZERO) return { reserved: false };
  const meter = meterOf(deps, card, (message, attributes) => {
    Context.current().log.warn(message, attributes);
  });
  await reserve(meter, { run, key, type: block.type, rows: 'blocks', likely: amount });
  return { reserved: true };
}
