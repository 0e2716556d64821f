import { LOCATIONS, TRIGGERS, type RunContext } from '../../contracts/context';
import { type Millicredits } from '../../contracts/millicredits';
import { type WaitReason } from '../../contracts/run';
import { type Instant } from '../../contracts/time';
import { waitReason } from '../core/admit';
import { wouldHold } from '../core/hold';
import { type Rules, type Run } from '../core/types';
import { whenEachGoes, type Going, type InTheLine } from '../core/when-each-goes';
import { Cells } from '../store/rows/cells';
import { RUN_STATUSES } from '../store/rows/words';
import { currentBooks } from './current';
import { type Query } from './rows';

/** A run in the line of its team. */
export interface InLine {
  readonly runId: string;
  readonly workflowId: string;
  readonly flow: string;
  readonly trigger: RunContext['trigger'];
  readonly location: RunContext['location'];
  /** Counts from 1. */
  readonly place: number;
  /** Its number in the order of arrival: stays as it is while runs before it go. */
  readonly arrival: number;
  readonly since: Instant;
  /** The least it will use. */
  readonly least: Millicredits;
  /** What it will set aside when it goes, if so much is left. */
  readonly hold: Millicredits;
  /** What it will probably use. */
  readonly likely: Millicredits;
  /** Why it waits, as its team is now: everything is spent, or what is left is held by other runs. */
  readonly reason: WaitReason;
  /** When it goes if nothing changes (`ledger/core/when-each-goes.ts`); null: never, for all anybody can tell. */
  readonly goes: Going | null;
}

/** Which part of a line. */
export interface LinePage {
  /** So many from the head are left out. */
  readonly after?: number;
  /** Those up to this arrival are left out. */
  readonly afterArrival?: number;
  readonly limit: number;
}

/** Who waits, in order. */
export async function lineOf(
  query: Query,
  rules: Rules,
  team: string,
  { after = 0, afterArrival = 0, limit }: LinePage,
): Promise<readonly InLine[]> {
  const books = await currentBooks(query, rules, team);
  if (books === null) return [];
  // Those before the page too: what they take decides when the others go.
  const rows = await query(
    `SELECT run_id, workflow_id, flow, trigger, location, place, asked_at_ms, least, likely FROM flow_credits.runs
     WHERE team_id = $1 AND status = 'waiting' AND place <= coalesce((
       SELECT max(p.place) FROM (
         SELECT place FROM flow_credits.runs WHERE team_id = $1 AND status = 'waiting' AND place > $2
         ORDER BY place LIMIT $3
       ) p
     ), 0) ORDER BY place`,
    [team, afterArrival, after + limit],
  );
  const line = rows.map((row, index) => {
    const cells = new Cells(row);
    return {
      runId: cells.text(),
      workflowId: cells.text(),
      flow: cells.text(),
      trigger: cells.word(TRIGGERS),
      location: cells.word(LOCATIONS),
      place: index + 1,
      arrival: cells.int(),
      since: cells.int(),
      ...needsFrom(cells),
    };
  });
  const reason = waitReason(books);
  const going = whenEachGoes(books, line);
  return line
    .map((run, index) => ({ ...run, reason, goes: going[index] ?? null }))
    .slice(after)
    .filter(({ arrival }) => arrival > afterArrival);
}

function needsFrom(cells: Cells): Pick<InLine, 'least' | 'hold' | 'likely'> {
  const least = cells.amount();
  return { least, hold: wouldHold({ least }), likely: cells.amount() };
}

/** The whole line in order, as far as it decides who goes. */
export async function needsOfLine(
  query: Query,
  team: string,
): Promise<readonly (InTheLine & { readonly likely: Millicredits })[]> {
  const rows = await query(
    `SELECT location, least, likely FROM flow_credits.runs
     WHERE team_id = $1 AND status = 'waiting' ORDER BY place`,
    [team],
  );
  return rows.map((row) => {
    const cells = new Cells(row);
    return { location: cells.word(LOCATIONS), ...needsFrom(cells) };
  });
}

/** The present place of a waiting run, counted from 1; null if it does not wait. */
export async function placeOf(query: Query, team: string, runId: string): Promise<number | null> {
  const [row] = await query(
    `SELECT (SELECT count(*) FROM flow_credits.runs b
             WHERE b.team_id = r.team_id AND b.status = 'waiting' AND b.place <= r.place)
     FROM flow_credits.runs r WHERE r.team_id = $1 AND r.run_id = $2 AND r.status = 'waiting'`,
    [team, runId],
  );
  return row === undefined ? null : new Cells(row).int();
}

export type UntoldRun = Pick<Run, 'runId' | 'workflowId' | 'status' | 'closeReason'>;

/** Runs that were admitted from the line, or put out of it, and not told so; in the line's order. */
export async function untoldOf(query: Query, team: string, limit: number): Promise<readonly UntoldRun[]> {
  const rows = await query(
    `SELECT run_id, workflow_id, status, close_reason FROM flow_credits.runs
     WHERE team_id = $1 AND tell ORDER BY place LIMIT $2`,
    [team, limit],
  );
  return rows.map((row) => {
    const cells = new Cells(row);
    return {
      runId: cells.text(),
      workflowId: cells.text(),
      status: cells.word(RUN_STATUSES),
      closeReason: cells.textOrNull(),
    };
  });
}
