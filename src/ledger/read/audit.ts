import { type Millicredits } from '../../contracts/millicredits';
import { type Instant } from '../../contracts/time';
import { type Entry, type EntryKind, type Setting } from '../core/types';
import { selectOf } from '../store/columns';
import { ENTRY_COLUMNS, entryFrom } from '../store/rows/entries';
import { type Query } from './rows';

/** Something that somebody did to a team, by name: a setting, a pack, an adjustment, a reversal, a discard. */
export interface AuditRow {
  readonly seq: number;
  readonly at: Instant;
  readonly period: number;
  readonly kind: EntryKind;
  readonly actor: string;
  readonly reason: string | null;
  /** Of the command. Null: a reversal, or settings, of before these kept it; or settings told without one. */
  readonly requestId: string | null;
  /** What was reversed: of a run's charge by its key, all or one line. */
  readonly reversed: { readonly runId: string; readonly key: string; readonly line: number | null } | null;
  readonly amount: Millicredits;
  /** The settings from here on, where they changed. */
  readonly setting: Setting | null;
}

/** What had an actor, newest first; `before` an entry. */
export async function auditOf(
  query: Query,
  team: string,
  { before, limit }: { readonly before?: number; readonly limit: number },
): Promise<readonly AuditRow[]> {
  const rows = await query(
    `SELECT ${selectOf(ENTRY_COLUMNS, 'e')} FROM flow_credits.entries e
     WHERE e.team_id = $1 AND e.actor IS NOT NULL AND e.seq < coalesce($2, 9223372036854775807)
     ORDER BY e.seq DESC LIMIT $3`,
    [team, before ?? null, limit],
  );
  return rows.map((row) => {
    const { entry } = entryFrom(row);
    const { seq, at, period, kind, actor, reason, key, runId, line, amount, setting } = entry;
    const reversed = kind === 'reversal' && runId !== null && key !== null ? { runId, key, line } : null;
    const requestId = requestIdOf(entry);
    return { seq, at, period, kind, actor: actor ?? '', reason, requestId, reversed, amount, setting };
  });
}

/** Entries from before there was a column for it have it as their key; a reversal's key is its charge's. */
function requestIdOf({ requestId, runId, key }: Entry): string | null {
  return requestId ?? (runId === null ? key : null);
}
