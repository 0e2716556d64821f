import { ZERO, type Millicredits } from '../../contracts/millicredits';
import { type Instant } from '../../contracts/time';
import { available, isExpired } from '../core/spendable';
import { type Grant, type GrantKind, type Paid, type Rules } from '../core/types';
import { selectOf } from '../store/columns';
import { Cells } from '../store/rows/cells';
import { GRANT_COLUMNS, grantFrom } from '../store/rows/grants';
import { GRANT_KINDS } from '../store/rows/words';
import { currentBooks } from './current';
import { type Query } from './rows';

/** Credits that a team was given, and what became of them: granted = used + held + left + expired + withdrawn. */
export interface GrantRow {
  readonly grant: number;
  readonly kind: GrantKind;
  readonly period: number;
  readonly grantedAt: Instant;
  /** Null: never. */
  readonly expiresAt: Instant | null;
  readonly granted: Millicredits;
  readonly used: Millicredits;
  readonly held: Millicredits;
  readonly left: Millicredits;
  readonly expired: Millicredits;
  readonly withdrawn: Millicredits;
  /** `voided`: taken back whole, unused. */
  readonly status: 'active' | 'used' | 'expired' | 'voided';
  readonly paid: Paid | null;
  readonly note: string | null;
}

/** Which of a team's grants: all, or a page of those that were given before one of them. */
export interface GrantsPage {
  readonly before?: number;
  readonly limit?: number;
}

/** A team's grants of one kind, newest first, as of the ledger's time. */
export async function grantsOf(
  query: Query,
  rules: Rules,
  team: string,
  kind: GrantKind,
  { before, limit }: GrantsPage = {},
): Promise<readonly GrantRow[]> {
  const books = await currentBooks(query, rules, team);
  if (books === null) return [];
  const rows = await query(
    `SELECT ${selectOf(GRANT_COLUMNS, 'g')} FROM flow_credits.grants g
     WHERE g.team_id = $1 AND g.kind = $2 AND g.grant_id < coalesce($3, 9223372036854775807)
     ORDER BY g.grant_id DESC LIMIT $4`,
    [team, kind, before ?? null, limit ?? null],
  );
  return rows.map((row) => {
    const { grant } = grantFrom(row);
    return rowOf(books.grants.get(grant.id) ?? grant, books.time);
  });
}

function rowOf(grant: Grant, now: Instant): GrantRow {
  const { id, kind, period, grantedAt, expiresAt, granted, charged, held, withdrawn, paid, note } = grant;
  const over = isExpired(grant, now);
  const left = over ? ZERO : available(grant);
  return {
    grant: id,
    kind,
    period,
    grantedAt,
    expiresAt,
    granted,
    used: charged,
    held,
    left,
    expired: grant.expired,
    withdrawn,
    status: granted === withdrawn ? 'voided' : over ? 'expired' : left > 0n || held > 0n ? 'active' : 'used',
    paid,
    note,
  };
}

/** What kinds of credits a team's grants are, by their numbers. */
export async function grantKindsOf(
  query: Query,
  team: string,
  grants: readonly number[],
): Promise<ReadonlyMap<number, GrantKind>> {
  if (grants.length === 0) return new Map();
  const rows = await query(
    'SELECT grant_id, kind FROM flow_credits.grants WHERE team_id = $1 AND grant_id = ANY ($2::integer[])',
    [team, grants.map(String)],
  );
  return new Map(
    rows.map((row) => {
      const cells = new Cells(row);
      return [cells.int(), cells.word(GRANT_KINDS)];
    }),
  );
}
