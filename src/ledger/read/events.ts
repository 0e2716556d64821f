import { type Instant } from '../../contracts/time';
import { type EventKind, type LedgerEvent } from '../core/types';
import { Cells, type RawRow } from '../store/rows/cells';
import { EVENT, eventFrom } from '../store/rows/events';
import { EVENT_STATUSES } from '../store/rows/words';
import { type Query } from './rows';

export { EVENT_KINDS } from '../store/rows/words';

/** What became of an event. */
export type EventStatus = (typeof EVENT_STATUSES)[number];

/** An event and how its delivery went. */
export interface StoredEvent {
  readonly team: string;
  readonly event: LedgerEvent;
  /** `kept`: nobody is to be sent it. */
  readonly status: EventStatus;
  readonly attempts: number;
  /** Pending: not tried before. */
  readonly due: Instant;
  readonly lastError: string | null;
  readonly deliveredAt: Instant | null;
}

const DELIVERY = 'v.status, v.attempts, v.due_ms, v.last_error, v.delivered_at_ms';
const DELIVERY_COLUMNS = 5;

function storedFrom(row: RawRow): StoredEvent {
  const cells = new Cells(row.slice(-DELIVERY_COLUMNS));
  return {
    ...eventFrom(row.slice(0, -DELIVERY_COLUMNS)),
    status: cells.word(EVENT_STATUSES),
    attempts: cells.int(),
    due: cells.int(),
    lastError: cells.textOrNull(),
    deliveredAt: cells.intOrNull(),
  };
}

/** Events of a team after `after`, in order. */
export async function eventsOf(
  query: Query,
  team: string,
  { after, limit, kind }: { readonly after: number; readonly limit: number; readonly kind?: EventKind },
): Promise<readonly StoredEvent[]> {
  const rows = await query(
    `SELECT ${EVENT}, ${DELIVERY} FROM flow_credits.events v
     WHERE v.team_id = $1 AND v.seq > $2 AND ($3::text IS NULL OR v.kind = $3) ORDER BY v.seq LIMIT $4`,
    [team, after, kind ?? null, limit],
  );
  return rows.map(storedFrom);
}

export async function eventById(query: Query, team: string, seq: number): Promise<StoredEvent | null> {
  const [row] = await query(
    `SELECT ${EVENT}, ${DELIVERY} FROM flow_credits.events v WHERE v.team_id = $1 AND v.seq = $2`,
    [team, seq],
  );
  return row === undefined ? null : storedFrom(row);
}

export async function deadEvents(
  query: Query,
  { team, limit }: { readonly team?: string; readonly limit: number },
): Promise<readonly StoredEvent[]> {
  const rows = await query(
    `SELECT ${EVENT}, ${DELIVERY} FROM flow_credits.events v
     WHERE v.status = 'dead' AND ($1::text IS NULL OR v.team_id = $1) ORDER BY v.team_id, v.seq LIMIT $2`,
    [team ?? null, limit],
  );
  return rows.map(storedFrom);
}

/** How the delivery of events goes. */
export interface EventCounts {
  readonly pending: number;
  readonly dead: number;
  /** How long ago the oldest pending event happened; null if none is pending. */
  readonly oldestPendingMs: number | null;
}

export async function eventCounts(query: Query): Promise<EventCounts> {
  const [row] = await query(
    `SELECT p.pending, (SELECT count(*) FROM flow_credits.events WHERE status = 'dead'),
            floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint + c.offset_ms - p.oldest
     FROM flow_credits.ledger_clock c,
          (SELECT count(*) AS pending, min(at_ms) AS oldest FROM flow_credits.events WHERE status = 'pending') AS p`,
  );
  if (row === undefined) throw new Error('flow_credits.ledger_clock is empty: run `flow-credits setup`');
  const cells = new Cells(row);
  return { pending: cells.int(), dead: cells.int(), oldestPendingMs: cells.intOrNull() };
}
