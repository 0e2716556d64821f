import { toText } from '../../contracts/millicredits';
import { microUsd, type MicroUsd, type PaygRate } from '../../contracts/money';
import { type Draft } from './draft';
import { paygRate } from './spendable';

const PERCENT = 100n;
const OF_A_CAP = [50n, 75n, 90n, 100n] as const;
const MILLICREDITS_PER_CREDIT = 1000n;

/**
 * Tells of each threshold that the team's usage has reached and that has not fired in this period: of its included
 * credits in percent, whatever the usage was charged to, and of pay-as-you-go in money. A batch that jumps over two
 * tells of both, the lower first.
 */
export function raiseAlerts(draft: Draft): void {
  const fired = [...usageAlerts(draft), ...paygAlerts(draft)];
  if (fired.length === 0) return;
  const team = draft.edit();
  team.alerted = [...team.alerted, ...fired];
}

function usageAlerts(draft: Draft): string[] {
  const { periodIncluded, periodCharged, paygCharged, overdraft, alerts, alerted, period } = draft.team;
  if (periodIncluded === 0n) return [];
  const used = periodCharged + paygCharged + overdraft;
  const fired: string[] = [];
  for (const percent of ascending(alerts.percent)) {
    const name = String(percent);
    if (alerted.includes(name) || used * PERCENT < periodIncluded * BigInt(percent)) continue;
    fired.push(name);
    draft.emit({
      kind: 'usage.threshold',
      data: { period: period.index, percent, used: used.toString(), included: toText(periodIncluded) },
    });
  }
  return fired;
}

function paygAlerts(draft: Draft): string[] {
  const { paygCharged, alerted, period } = draft.team;
  if (paygCharged === 0n) return [];
  const rate = paygRate(draft);
  const fired: string[] = [];
  for (const threshold of paygThresholds(draft)) {
    const name = `payg:${threshold}`;
    if (alerted.includes(name) || !costsAtLeast(paygCharged, rate, threshold)) continue;
    fired.push(name);
    draft.emit({
      kind: 'payg.threshold',
      data: {
        period: period.index,
        microUsd: threshold.toString(),
        used: toText(paygCharged),
        usedMicroUsd: priceOf(paygCharged, rate).toString(),
      },
    });
  }
  return fired;
}

/** Those that were set; else parts of the cap, where there is one. */
function paygThresholds({ team: { alerts, payg } }: Draft): readonly MicroUsd[] {
  if (alerts.payg !== null) return ascending(alerts.payg);
  const { cap } = payg;
  if (cap === null || cap === 0n) return [];
  // Of a cap of some millionths of a dollar, several come to the same.
  return ascending(OF_A_CAP.map((percent) => microUsd((cap * percent) / PERCENT)));
}

/** Compared unrounded. */
function costsAtLeast(used: bigint, rate: PaygRate, threshold: MicroUsd): boolean {
  return used * rate.microUsd >= threshold * rate.credits * MILLICREDITS_PER_CREDIT;
}

/** In whole micro-dollars, rounded down. */
function priceOf(used: bigint, rate: PaygRate): MicroUsd {
  return microUsd((used * rate.microUsd) / (rate.credits * MILLICREDITS_PER_CREDIT));
}

/** Each once: one that is set twice fires once. */
function ascending<T extends bigint | number>(thresholds: readonly T[]): readonly T[] {
  return [...new Set(thresholds)].sort((a, b) => (a < b ? -1 : 1));
}
