import {
  type ChargeDetail,
  type Entry,
  type PastCharge,
  type PastReversal,
  type Setting,
} from '../../core/types';
import { type Account, type Move } from '../../core/types';
import { type Column } from '../columns';
import { amountFrom, movesText, partsFrom, partsText } from '../json';
import { Cells, type RawRow } from './cells';
import { ENTRY_KINDS } from './words';

export const ENTRY_COLUMNS: readonly Column<Entry>[] = [
  { name: 'team_id', type: 'text', of: (_, team) => team, repeats: true },
  { name: 'seq', type: 'bigint', of: (e) => e.seq },
  { name: 'at_ms', type: 'bigint', of: (e) => e.at, repeats: true },
  { name: 'period', type: 'integer', of: (e) => e.period, repeats: true },
  { name: 'kind', type: 'text', of: (e) => e.kind, repeats: true },
  { name: 'run_id', type: 'text', of: (e) => e.runId },
  { name: 'key', type: 'text', of: (e) => e.key },
  { name: 'amount', type: 'bigint', of: (e) => e.amount },
  { name: 'parts', type: 'text', of: (e) => partsText(e.parts), json: true },
  { name: 'moves', type: 'text', of: (e) => movesText(e.moves), json: true },
  {
    name: 'detail',
    type: 'text',
    of: (e) => (e.detail === null ? null : JSON.stringify(e.detail)),
    json: true,
  },
  { name: 'late', type: 'boolean', of: (e) => e.late, repeats: true },
  { name: 'unreserved', type: 'boolean', of: (e) => e.unreserved, repeats: true },
  { name: 'reverses', type: 'bigint', of: (e) => e.reverses },
  { name: 'reversed_line', type: 'integer', of: (e) => e.line },
  { name: 'request_id', type: 'text', of: (e) => e.requestId },
  { name: 'actor', type: 'text', of: (e) => e.actor },
  { name: 'reason', type: 'text', of: (e) => e.reason },
  {
    name: 'setting',
    type: 'text',
    of: (e) => (e.setting === null ? null : JSON.stringify(e.setting)),
    json: true,
  },
];

export interface EntryOfTeam {
  readonly team: string;
  readonly entry: Entry;
}

export function entryFrom(row: RawRow): EntryOfTeam {
  const cells = new Cells(row);
  const team = cells.text();
  const entry: Entry = {
    seq: cells.int(),
    at: cells.int(),
    period: cells.int(),
    kind: cells.word(ENTRY_KINDS),
    runId: cells.textOrNull(),
    key: cells.textOrNull(),
    amount: cells.amount(),
    parts: partsFrom(cells.text()),
    moves: movesFrom(cells.text()),
    detail: detailFrom(cells.textOrNull()),
    late: cells.bool(),
    unreserved: cells.bool(),
    reverses: cells.intOrNull(),
    line: cells.intOrNull(),
    requestId: cells.textOrNull(),
    actor: cells.textOrNull(),
    reason: cells.textOrNull(),
    setting: settingFrom(cells.textOrNull()),
  };
  return { team, entry };
}

/** What {@link reversalsFrom} reads: an aggregate over the reversals `y` of one charge. */
export const REVERSALS = 'json_agg(json_build_array(y.seq, y.reversed_line, y.amount::text) ORDER BY y.seq)';

/** What {@link chargeFrom} reads, of an entry `e`: with whatever was reversed of it. */
export const PAST_CHARGE = `
  e.team_id, e.seq, e.run_id, e.key, e.period, e.amount, e.parts, e.detail, e.late, e.unreserved, (
    SELECT ${REVERSALS}
    FROM flow_credits.entries y
    WHERE y.team_id = e.team_id AND y.reverses = e.seq AND y.kind = 'reversal'
  )`;

export interface ChargeOfTeam {
  readonly team: string;
  readonly charge: PastCharge;
}

export function chargeFrom(row: RawRow): ChargeOfTeam {
  const cells = new Cells(row);
  const team = cells.text();
  const charge: PastCharge = {
    seq: cells.int(),
    runId: cells.text(),
    key: cells.text(),
    period: cells.int(),
    amount: cells.amount(),
    parts: partsFrom(cells.text()),
    lines: linesFrom(cells.textOrNull()),
    late: cells.bool(),
    unreserved: cells.bool(),
    reversals: reversalsFrom(cells.textOrNull()),
  };
  return { team, charge };
}

function linesFrom(detail: string | null): PastCharge['lines'] {
  const known = detailFrom(detail);
  return known === null ? [] : known.lines.map((line) => amountFrom(line.millicredits));
}

export function reversalsFrom(text: string | null): readonly PastReversal[] {
  if (text === null) return [];
  const rows = JSON.parse(text) as readonly (readonly [number, number | null, string])[];
  return rows.map(([seq, line, amount]) => ({ seq, line, amount: amountFrom(amount) }));
}

function movesFrom(text: string): readonly Move[] {
  const pairs = JSON.parse(text) as readonly (readonly [Account, string])[];
  return pairs.map(([account, delta]) => ({ account, delta: amountFrom(delta) }));
}

/** As this file wrote it. */
export function detailFrom(text: string | null): ChargeDetail | null {
  return text === null ? null : (JSON.parse(text) as ChargeDetail);
}

/** As this file wrote it. */
function settingFrom(text: string | null): Setting | null {
  return text === null ? null : (JSON.parse(text) as Setting);
}
