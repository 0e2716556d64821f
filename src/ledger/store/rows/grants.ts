import { isLive } from '../../core';
import { type AfterClose, type Grant, type Paid, type Source } from '../../core/types';
import { type Column } from '../columns';
import { amountFrom } from '../json';
import { Cells, type RawRow } from './cells';
import { GRANT_KINDS } from './words';

export const GRANT_COLUMNS: readonly Column<Grant>[] = [
  { name: 'team_id', type: 'text', of: (_, team) => team },
  { name: 'grant_id', type: 'integer', of: (g) => g.id },
  { name: 'kind', type: 'text', of: (g) => g.kind, repeats: true },
  { name: 'period', type: 'integer', of: (g) => g.period, repeats: true },
  { name: 'granted_at_ms', type: 'bigint', of: (g) => g.grantedAt },
  { name: 'expires_at_ms', type: 'bigint', of: (g) => g.expiresAt },
  { name: 'granted', type: 'bigint', of: (g) => g.granted },
  { name: 'charged', type: 'bigint', of: (g) => g.charged },
  { name: 'held', type: 'bigint', of: (g) => g.held, repeats: true },
  { name: 'expired', type: 'bigint', of: (g) => g.expired, repeats: true },
  { name: 'withdrawn', type: 'bigint', of: (g) => g.withdrawn, repeats: true },
  { name: 'charged_in_period', type: 'bigint', of: (g) => g.chargedInPeriod },
  { name: 'after_close', type: 'jsonb', of: (g) => afterCloseText(g.afterClose), repeats: true },
  { name: 'note', type: 'text', of: (g) => g.note },
  { name: 'paid_amount', type: 'text', of: (g) => g.paid?.amount ?? null },
  { name: 'paid_currency', type: 'text', of: (g) => g.paid?.currency ?? null },
  { name: 'paid_reference', type: 'text', of: (g) => g.paid?.reference ?? null },
  { name: 'live', type: 'boolean', of: isLive, repeats: true },
];

export interface GrantOfTeam {
  readonly team: string;
  readonly grant: Grant;
}

export function grantFrom(row: RawRow): GrantOfTeam {
  const cells = new Cells(row);
  const team = cells.text();
  const grant: Grant = {
    id: cells.int(),
    kind: cells.word(GRANT_KINDS),
    period: cells.int(),
    grantedAt: cells.int(),
    expiresAt: cells.intOrNull(),
    granted: cells.amount(),
    charged: cells.amount(),
    held: cells.amount(),
    expired: cells.amount(),
    withdrawn: cells.amount(),
    chargedInPeriod: cells.amount(),
    afterClose: afterCloseFrom(cells.text()),
    note: cells.textOrNull(),
    paid: paidFrom(cells.textOrNull(), cells.textOrNull(), cells.textOrNull()),
  };
  return { team, grant };
}

function paidFrom(amount: string | null, currency: string | null, reference: string | null): Paid | null {
  return amount === null || currency === null ? null : { amount, currency, reference };
}

function afterCloseText(list: readonly AfterClose[]): string {
  if (list.length === 0) return '[]';
  return JSON.stringify(
    list.map(({ source, left, reallotted }) => [source, left.toString(), reallotted.toString()]),
  );
}

function afterCloseFrom(text: string): readonly AfterClose[] {
  if (text === '[]') return [];
  const rows = JSON.parse(text) as readonly (readonly [Source, string, string])[];
  return rows.map(([source, left, reallotted]) => ({
    source,
    left: amountFrom(left),
    reallotted: amountFrom(reallotted),
  }));
}
