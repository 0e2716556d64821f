import { Gauge, type Registry } from 'prom-client';
import { formatCredits, type Millicredits } from '../contracts/millicredits';
import { type LedgerTotals } from '../ledger/read';
import { inTime } from './checks';

/** Scrapes of several come close together: one question answers them. */
const KEPT_MS = 5_000;
/** Who scrapes gives up in the end, and then has no metrics at all. */
const WITHIN_MS = 2_000;

/** How the database is asked at a scrape. */
export interface GaugesOptions {
  /** Its answer stands for so long, in milliseconds. Default 5,000. */
  readonly keptMs?: number;
  /** One that takes longer is none. Default 2,000. */
  readonly withinMs?: number;
}

/** Who tells what the whole ledger amounts to: `LedgerReader` is one. */
export interface TotalsReader {
  /** What all teams together have waiting, held and overdrawn. */
  totals(): Promise<LedgerTotals>;
}

/**
 * What the database knows, over all teams, asked for when somebody scrapes and kept for some seconds. Every process that
 * can reach the database shows the same: take the `max` of them, not the `sum`. While the database does not answer
 * these metrics are absent, and `flow_credits_ledger_up` is 0.
 */
export function ledgerGauges(registry: Registry, reader: TotalsReader, options: GaugesOptions = {}): void {
  const totals = kept(reader, options);
  const registers = [registry];
  const gauge = (name: string, help: string, of: (totals: LedgerTotals) => number): void => {
    new Gauge({
      name: `flow_credits_${name}`,
      help,
      registers,
      async collect() {
        const all = await totals();
        if (all === null) this.remove();
        else this.set(of(all));
      },
    });
  };
  new Gauge({
    name: 'flow_credits_ledger_up',
    help: '1 where the database told the totals of the ledger, else 0.',
    registers,
    async collect() {
      this.set((await totals()) === null ? 0 : 1);
    },
  });
  new Gauge({
    name: 'flow_credits_teams',
    help: 'Teams by status.',
    labelNames: ['status'],
    registers,
    async collect() {
      const all = await totals();
      this.reset();
      for (const [status, count] of Object.entries(all?.teams ?? {})) this.set({ status }, count);
    },
  });
  new Gauge({
    name: 'flow_credits_events',
    help: 'Events that are to be delivered (pending), and that were given up (dead); at most 100,000 of each are counted.',
    labelNames: ['status'],
    registers,
    async collect() {
      const all = await totals();
      this.reset();
      for (const [status, count] of Object.entries(all?.events ?? {})) this.set({ status }, count);
    },
  });
  gauge('waiting_runs', 'Runs that wait for credits.', ({ waiting }) => waiting);
  gauge(
    'longest_wait_seconds',
    'How long the run has waited that has waited longest; 0 where none does.',
    ({ longestWaitMs }) => longestWaitMs / 1000,
  );
  gauge(
    'open_runs',
    'Runs that were admitted and have not closed; at most 100,000 are counted.',
    ({ open }) => open,
  );
  gauge('held_credits', 'Credits of grants that runs hold.', ({ held }) => credits(held));
  gauge('payg_held_credits', 'Pay-as-you-go that runs hold.', ({ paygHeld }) => credits(paygHeld));
  gauge('payg_charged_credits', 'Pay-as-you-go charged in the periods that are open.', ({ paygCharged }) =>
    credits(paygCharged),
  );
  gauge(
    'overdraft_credits',
    'What runs in flight used in the open periods when nothing was left and pay-as-you-go was off or at its cap.',
    ({ overdraft }) => credits(overdraft),
  );
  gauge('owed_credits', 'Overdraft of earlier periods that is still to be repaid.', ({ owed }) =>
    credits(owed),
  );
  gauge('teams_to_wake', 'Teams for which somebody must act and has not yet.', ({ toWake }) => toWake);
  gauge(
    'teams_overdue',
    'Teams whose period has ended and was not rolled over yet.',
    ({ overdue }) => overdue,
  );
}

/** A sample is a number of Prometheus', for the eye; no rule is computed on it. */
function credits(amount: Millicredits): number {
  return Number(formatCredits(amount));
}

/** Null where the database did not tell. */
function kept(
  reader: TotalsReader,
  { keptMs = KEPT_MS, withinMs = WITHIN_MS }: GaugesOptions,
): () => Promise<LedgerTotals | null> {
  let asked: { readonly at: number; readonly totals: Promise<LedgerTotals | null> } | null = null;
  return () => {
    const now = performance.now();
    if (asked === null || now - asked.at > keptMs) {
      asked = { at: now, totals: inTime(withinMs, () => reader.totals()).catch(() => null) };
    }
    return asked.totals;
  };
}
