import { Context } from '@temporalio/activity';
import { type ReserveActivity, type ReserveBlock, type ReservedBlock } from '../contracts/activities';
import { ZERO } from '../contracts/millicredits';
import { likely } from '../pricing';
import { type MeteringDeps } from './deps';
import { cardOf } from './execute-block';
import { meterOf, reserve, type MeteredItem } from './metering';

/**
 * Sets a block's likely charge aside where its workflow commits it: for an agent, and for a private runner's block. A
 * ledger that does not answer in time holds nobody up. Throws `RunCreditLimitReached`.
 */
export async function reserveBlock(
  deps: MeteringDeps,
  { run, key, block }: ReserveBlock,
): Promise<ReservedBlock> {
  const amount = likely(block, run.context, cardOf(deps, run));
  return setAside(deps, { run, key, type: block.type, rows: 'blocks', likely: amount });
}

/** The same for an ordinary workflow's activity that its workflow meters around. */
export async function reserveActivity(
  deps: MeteringDeps,
  { run, key, activityType, child }: ReserveActivity,
): Promise<ReservedBlock> {
  const planned = { type: activityType, config: {}, rows: 'activities' } as const;
  const amount = likely(planned, run.context, cardOf(deps, run));
  return setAside(deps, { run, key, type: activityType, rows: 'activities', likely: amount, child });
}

async function setAside(deps: MeteringDeps, item: MeteredItem): Promise<ReservedBlock> {
  if (item.likely === ZERO) return { reserved: false };
  const meter = meterOf(deps, cardOf(deps, item.run), (message, attributes) => {
    Context.current().log.warn(message, attributes);
  });
  await reserve(meter, item);
  return { reserved: true };
}
