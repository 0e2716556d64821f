import { type EventBody, type EventKind, type LedgerEvent } from '../../core/types';
import { type Column } from '../columns';
import { Cells, type RawRow } from './cells';
import { EVENT_KINDS } from './words';

/** What is written with the transaction; how its delivery goes is written by who delivers it. */
export const EVENT_COLUMNS: readonly Column<LedgerEvent>[] = [
  { name: 'team_id', type: 'text', of: (_, team) => team },
  { name: 'seq', type: 'bigint', of: (e) => e.seq },
  { name: 'at_ms', type: 'bigint', of: (e) => e.at },
  { name: 'kind', type: 'text', of: (e) => e.kind },
  { name: 'data', type: 'text', of: (e) => JSON.stringify(e.data), json: true },
  { name: 'due_ms', type: 'bigint', of: (e) => e.at },
];

export interface EventOfTeam {
  readonly team: string;
  readonly event: LedgerEvent;
}

/** Of the columns `team_id, seq, at_ms, kind, data`. */
export const EVENT = 'v.team_id, v.seq, v.at_ms, v.kind, v.data';

export function eventFrom(row: RawRow): EventOfTeam {
  const cells = new Cells(row);
  const team = cells.text();
  const seq = cells.int();
  const at = cells.int();
  return { team, event: { ...bodyFrom(cells.word(EVENT_KINDS), cells.text()), seq, at } };
}

/** JSON that the store wrote. */
function bodyFrom(kind: EventKind, data: string): EventBody {
  return { kind, data: JSON.parse(data) as EventBody['data'] } as EventBody;
}
