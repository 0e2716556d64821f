import { type CloseAnswer, type CloseRequest, type MeteredRun } from '../contracts/activities';
import { parseMillicredits, toText, ZERO } from '../contracts/millicredits';
import { runCharge, RUN_CHARGE_KEY, type Pricing } from '../pricing';
import { type MeteringDeps, type Submitter } from './deps';
import { ledgerRefused } from './failures';
import { commit } from './metering';

/**
 * Ends a run in the ledger: charges what the run itself costs under its pinned card, then gives back what it still
 * holds. May be repeated. The workflow does it at its end, and `reconcile` for a run that never got there.
 */
export async function closeRun(
  ledger: Submitter,
  pricing: Pricing,
  run: MeteredRun,
  reason: string,
  timeoutMs: number,
): Promise<CloseAnswer> {
  const card = pricing.card(run.rateCard);
  if (card === null) throw new Error(`rate card "${run.rateCard}" of run "${run.runId}" is not loaded`);
  if (run.kind === 'flow') {
    const price = runCharge(run.context, card);
    if (parseMillicredits(price.millicredits) > ZERO) {
      await commit(ledger, { run, key: RUN_CHARGE_KEY, type: 'run' }, {}, price, timeoutMs);
    }
  }
  const result = await ledger.submit(
    { kind: 'close', team: run.team, runId: run.runId, reason },
    { timeoutMs },
  );
  if (result.status === 'refused') throw ledgerRefused('close', result);
  return { charged: toText(result.charged) };
}

export function close(deps: MeteringDeps, { run, reason }: CloseRequest): Promise<CloseAnswer> {
  return closeRun(deps.ledger, deps.pricing, run, reason, deps.deadlines.admitMs);
}
