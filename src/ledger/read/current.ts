import { type Instant } from '../../contracts/time';
import { applyBatch } from '../core';
import { Draft } from '../core/draft';
import { type Books, type Grant, type Rules, type Team } from '../core/types';
import { Cells } from '../store/rows/cells';
import { GRANT_COLUMNS, grantFrom } from '../store/rows/grants';
import { TEAM_COLUMNS, teamFrom } from '../store/rows/teams';
import { selectOf } from '../store/columns';
import { type Query } from './rows';

const LEDGER_TIME =
  'SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint + offset_ms FROM flow_credits.ledger_clock';

/** The ledger's time: Postgres's clock plus the offset that only development moves. */
export async function ledgerTime(query: Query): Promise<Instant> {
  const [row] = await query(LEDGER_TIME);
  if (row === undefined) throw new Error('flow_credits.ledger_clock is empty: run `flow-credits setup`');
  return new Cells(row).int();
}

const TEAM = `SELECT ${selectOf(TEAM_COLUMNS, 't')} FROM flow_credits.teams t WHERE t.team_id = $1`;
const LIVE_GRANTS = `SELECT ${selectOf(GRANT_COLUMNS, 'g')} FROM flow_credits.grants g WHERE g.team_id = $1 AND g.live`;

/**
 * A team's books as they are now: what has become due since the last write (an expiry, a period's end) is applied to
 * what was read, not to the database. Null for an unknown team.
 */
export async function currentBooks(query: Query, rules: Rules, name: string): Promise<Draft | null> {
  const now = await ledgerTime(query);
  const [row] = await query(TEAM, [name]);
  if (row === undefined) return null;
  const team: Team = teamFrom(row);
  const grants = new Map<number, Grant>(
    (await query(LIVE_GRANTS, [name])).map(grantFrom).map(({ grant }) => [grant.id, grant]),
  );
  const nothing = { runs: new Map(), line: [], ahead: new Map(), charges: new Map(), requests: new Map() };
  const books: Books = { ...nothing, team, grants };
  const { changes } = applyBatch(new Map([[name, books]]), [{ kind: 'touch', team: name }], now, rules);
  const changed = changes.get(name);
  for (const grant of changed?.grants ?? []) grants.set(grant.id, grant);
  const draft = new Draft({ ...books, team: changed?.team ?? team }, rules, false);
  draft.time = Math.max(now, draft.team.lastTime);
  return draft;
}
