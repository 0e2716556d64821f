import { microUsd } from '../../../contracts/money';
import { type Statement } from '../../core/types';
import { type Column } from '../columns';
import { Cells, type RawRow } from './cells';
import { OVERDRAFT_POLICIES } from './words';

export const STATEMENT_COLUMNS: readonly Column<Statement>[] = [
  { name: 'team_id', type: 'text', of: (_, team) => team },
  { name: 'period', type: 'integer', of: (s) => s.period.index },
  { name: 'period_start_ms', type: 'bigint', of: (s) => s.period.start },
  { name: 'period_end_ms', type: 'bigint', of: (s) => s.period.end },
  { name: 'plan', type: 'text', of: (s) => s.plan },
  { name: 'closed_at_ms', type: 'bigint', of: (s) => s.closedAt },
  { name: 'opening', type: 'bigint', of: (s) => s.opening },
  { name: 'granted', type: 'bigint', of: (s) => s.granted },
  { name: 'charged', type: 'bigint', of: (s) => s.charged },
  { name: 'expired', type: 'bigint', of: (s) => s.expired },
  { name: 'withdrawn', type: 'bigint', of: (s) => s.withdrawn },
  { name: 'closing', type: 'bigint', of: (s) => s.closing },
  { name: 'held_over_in', type: 'bigint', of: (s) => s.heldOverIn },
  { name: 'held_over_out', type: 'bigint', of: (s) => s.heldOverOut },
  { name: 'payg_held_over_in', type: 'bigint', of: (s) => s.paygHeldOverIn },
  { name: 'payg_held_over_out', type: 'bigint', of: (s) => s.paygHeldOverOut },
  { name: 'held_over_charged', type: 'bigint', of: (s) => s.heldOverCharged },
  { name: 'held_over_returned', type: 'bigint', of: (s) => s.heldOverReturned },
  { name: 'payg', type: 'bigint', of: (s) => s.payg },
  { name: 'payg_rate_micro_usd', type: 'bigint', of: (s) => s.paygRate.microUsd },
  { name: 'payg_rate_credits', type: 'bigint', of: (s) => s.paygRate.credits },
  { name: 'payg_cents', type: 'bigint', of: (s) => s.paygCents },
  { name: 'payg_reversed', type: 'bigint', of: (s) => s.paygReversed },
  { name: 'payg_reversed_cents', type: 'bigint', of: (s) => s.paygReversedCents },
  { name: 'overdraft', type: 'bigint', of: (s) => s.overdraft },
  { name: 'overdraft_policy', type: 'text', of: (s) => s.overdraftPolicy },
  { name: 'owed', type: 'bigint', of: (s) => s.owed },
];

export interface StatementOfTeam {
  readonly team: string;
  readonly statement: Statement;
}

export function statementFrom(row: RawRow): StatementOfTeam {
  const cells = new Cells(row);
  const team = cells.text();
  const statement: Statement = {
    period: { index: cells.int(), start: cells.int(), end: cells.int() },
    plan: cells.text(),
    closedAt: cells.int(),
    opening: cells.amount(),
    granted: cells.amount(),
    charged: cells.amount(),
    expired: cells.amount(),
    withdrawn: cells.amount(),
    closing: cells.amount(),
    heldOverIn: cells.amount(),
    heldOverOut: cells.amount(),
    paygHeldOverIn: cells.amount(),
    paygHeldOverOut: cells.amount(),
    heldOverCharged: cells.amount(),
    heldOverReturned: cells.amount(),
    payg: cells.amount(),
    paygRate: { microUsd: microUsd(cells.amount()), credits: cells.amount() },
    paygCents: cells.amount(),
    paygReversed: cells.amount(),
    paygReversedCents: cells.amount(),
    overdraft: cells.amount(),
    overdraftPolicy: cells.word(OVERDRAFT_POLICIES),
    owed: cells.amount(),
  };
  return { team, statement };
}
