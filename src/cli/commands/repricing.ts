import { add, millicredits, type Millicredits } from '../../contracts/millicredits';
import { type Instant } from '../../contracts/time';
import { type PastUsage } from '../../ledger/read';
import { type LedgerReader } from '../../client';
import { reprice, runCharge, RUN_CHARGE_KEY, type PastCharge, type RateCard } from '../../pricing';

/** Past usage of teams under another card, added up as it streams by: nothing but the sums is kept. */

export interface RepricedRow {
  readonly team: string;
  readonly type: string;
  readonly charges: number;
  /** As it is now: less what was reversed. */
  readonly was: Millicredits;
  readonly would: Millicredits;
}

/** What could not be priced by the card: it is in no sum. */
export interface NotRepriced {
  readonly team: string;
  readonly type: string;
  readonly reason: string;
  readonly charges: number;
  readonly was: Millicredits;
  /** One of them, to look at. */
  readonly example: { readonly runId: string; readonly key: string };
}

export class Repricing {
  private readonly sums = new Map<string, RepricedRow>();
  private readonly refused = new Map<string, NotRepriced>();
  charges = 0;

  constructor(private readonly card: RateCard) {}

  async team(reader: LedgerReader, team: string, since: Instant): Promise<void> {
    for await (const page of reader.pastUsage(team, { since })) {
      for (const past of page) this.charge(team, past);
    }
    // Under a card without a price for runs, none of them has a charge of its own.
    for (const { context, runs } of await reader.runsWithoutCharge(team, { since, key: RUN_CHARGE_KEY })) {
      const each = BigInt(runCharge(context, this.card).millicredits);
      if (each > 0n) this.add(team, RUN, runs, 0n, each * BigInt(runs));
    }
  }

  rows(): readonly RepricedRow[] {
    return [...this.sums.values()].sort((a, b) => byText(a.team, b.team) || byText(a.type, b.type));
  }

  notRepriced(): readonly NotRepriced[] {
    return [...this.refused.values()];
  }

  private charge(team: string, past: PastUsage): void {
    this.charges += 1;
    const { detail, runId, key, amount } = past;
    const type = detail?.type ?? key;
    if (detail === null) {
      this.refuse(team, type, 'what it used was not recorded', amount, { runId, key });
      return;
    }
    const answer = reprice(chargeOf(past, detail), this.card);
    if (answer.status === 'repriced') this.add(team, type, 1, answer.was, answer.would);
    else this.refuse(team, type, answer.reason, answer.was, { runId, key });
  }

  private add(team: string, type: string, charges: number, was: bigint, would: bigint): void {
    const key = JSON.stringify([team, type]);
    const sum = this.sums.get(key);
    this.sums.set(key, {
      team,
      type,
      charges: (sum?.charges ?? 0) + charges,
      was: millicredits((sum?.was ?? 0n) + was),
      would: millicredits((sum?.would ?? 0n) + would),
    });
  }

  private refuse(
    team: string,
    type: string,
    reason: string,
    was: Millicredits,
    example: NotRepriced['example'],
  ): void {
    const key = JSON.stringify([team, type, reason]);
    const known = this.refused.get(key) ?? { team, type, reason, charges: 0, was: millicredits(0n), example };
    this.refused.set(key, { ...known, charges: known.charges + 1, was: add(known.was, was) });
  }
}

/** As the run's own charge is recorded. */
const RUN = 'run';

function chargeOf(past: PastUsage, detail: NonNullable<PastUsage['detail']>): PastCharge {
  const { key, rows, context, amount, reversals } = past;
  const { type, usage, failed, lines } = detail;
  return {
    type,
    usage,
    rows: key === RUN_CHARGE_KEY && rows === 'blocks' ? 'run' : rows,
    context,
    amount,
    lines,
    reversals,
    ...(failed === undefined ? {} : { failed }),
  };
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
