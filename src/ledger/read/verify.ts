import { type Pool } from 'pg';
import { TeamCheck, type Violation } from '../core/invariants';
import { type Rules } from '../core/types';
import { selectOf } from '../store/columns';
import { Cells } from '../store/rows/cells';
import { ENTRY_COLUMNS, entryFrom } from '../store/rows/entries';
import { GRANT_COLUMNS, grantFrom } from '../store/rows/grants';
import { RUN_COLUMNS, runFrom } from '../store/rows/runs';
import { STATEMENT_COLUMNS, statementFrom } from '../store/rows/statements';
import { TEAM_COLUMNS, teamFrom } from '../store/rows/teams';
import { queryOn, type Query } from './rows';
import { teamIds } from './teams';

const TEAMS_PAGE = 500;
const ENTRIES_PAGE = 5_000;

/**
 * What `verify` holds a live database against: the design's section 8, as far as rows can show it. That a reserve is
 * refused by its limit alone (5) and that teams do not touch each other (9) leave no rows; tests hold those.
 */
export const INVARIANTS: readonly { readonly number: number; readonly says: string }[] = [
  { number: 1, says: 'grants add up, held is the sum of the runs’ holds, entries fold to every balance' },
  { number: 2, says: 'at most one charge per run and key, and the run’s total is their sum' },
  { number: 3, says: 'only admitted, unclosed runs hold' },
  {
    number: 4,
    says: 'the line is empty, or nothing is spendable, or a wake row exists; nobody was overtaken; its counts are right',
  },
  { number: 6, says: 'a charge is the sum of its lines and of its sources, in order of use' },
  {
    number: 7,
    says: 'nothing expired is available; periods are contiguous, one statement each, equal to its entries; money is rounded once',
  },
  { number: 8, says: 'every PAYG draw was made while PAYG was on, on a plan that has it, within its cap' },
  { number: 10, says: 'entries are numbered without a gap, none is missing; no number is given twice' },
];

/** An invariant that does not hold, with the team and what was found. */
export interface TeamViolation extends Violation {
  readonly team: string;
}

/** What was checked, and what does not hold. */
export interface Verdict {
  readonly clean: boolean;
  readonly checked: {
    readonly invariants: typeof INVARIANTS;
    readonly teams: number;
    readonly grants: number;
    readonly runs: number;
    readonly entries: number;
    readonly statements: number;
  };
  readonly violations: readonly TeamViolation[];
}

/** What is checked. */
export interface VerifyOptions {
  /** Left out: all teams. */
  readonly team?: string;
  /** Told after each team. */
  readonly onTeam?: (done: number, team: string) => void;
}

interface Counts {
  grants: number;
  runs: number;
  entries: number;
  statements: number;
}

/**
 * Checks the invariants on a live database, team by team, each in a snapshot of its own (repeatable read, read only): it
 * takes no lock and holds nobody up. Throws what Postgres says when it cannot be read.
 */
export async function verify(pool: Pool, rules: Rules, options: VerifyOptions = {}): Promise<Verdict> {
  const counts: Counts = { grants: 0, runs: 0, entries: 0, statements: 0 };
  const violations: TeamViolation[] = [];
  let teams = 0;
  for await (const team of options.team === undefined ? allTeams(pool) : [options.team]) {
    const found = await inSnapshot(pool, (query) => verifyTeam(query, rules, team, counts));
    violations.push(...found.map((violation) => ({ team, ...violation })));
    teams += 1;
    options.onTeam?.(teams, team);
  }
  if (options.team === undefined) violations.push(...(await orphans(queryOn(pool))));
  return {
    clean: violations.length === 0,
    checked: { invariants: INVARIANTS, teams, ...counts },
    violations,
  };
}

async function* allTeams(pool: Pool): AsyncGenerator<string> {
  for (let after: string | null = null; ;) {
    const page: readonly string[] = await teamIds(queryOn(pool), { after, limit: TEAMS_PAGE });
    yield* page;
    after = page.at(-1) ?? null;
    if (after === null) return;
  }
}

async function inSnapshot<T>(pool: Pool, read: (query: Query) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    try {
      return await read(queryOn(client));
    } finally {
      await client.query('ROLLBACK');
    }
  } finally {
    client.release();
  }
}

async function verifyTeam(
  query: Query,
  rules: Rules,
  name: string,
  counts: Counts,
): Promise<readonly Violation[]> {
  const [row] = await query(
    `SELECT ${selectOf(TEAM_COLUMNS, 't')} FROM flow_credits.teams t WHERE t.team_id = $1`,
    [name],
  );
  if (row === undefined) return [];
  const grants = (
    await query(`SELECT ${selectOf(GRANT_COLUMNS, 'g')} FROM flow_credits.grants g WHERE g.team_id = $1`, [
      name,
    ])
  ).map((each) => grantFrom(each).grant);
  const runs = (
    await query(`SELECT ${selectOf(RUN_COLUMNS, 'r')} FROM flow_credits.runs r WHERE r.team_id = $1`, [name])
  ).map((each) => runFrom(each).run);
  const statements = (
    await query(
      `SELECT ${selectOf(STATEMENT_COLUMNS, 's')} FROM flow_credits.statements s WHERE s.team_id = $1 ORDER BY s.period`,
      [name],
    )
  ).map((each) => statementFrom(each).statement);
  const check = new TeamCheck(
    {
      team: teamFrom(row),
      grants: new Map(grants.map((grant) => [grant.id, grant])),
      runs: new Map(runs.map((run) => [run.runId, run])),
      statements,
    },
    rules,
  );
  counts.grants += grants.length;
  counts.runs += runs.length;
  counts.statements += statements.length;
  for (let after = 0; ;) {
    const page = await query(
      `SELECT ${selectOf(ENTRY_COLUMNS, 'e')} FROM flow_credits.entries e
       WHERE e.team_id = $1 AND e.seq > $2 ORDER BY e.seq LIMIT $3`,
      [name, after, ENTRIES_PAGE],
    );
    for (const each of page) {
      const { entry } = entryFrom(each);
      check.entry(entry);
      after = entry.seq;
    }
    counts.entries += page.length;
    if (page.length < ENTRIES_PAGE) break;
  }
  const [events] = await query('SELECT max(v.seq) FROM flow_credits.events v WHERE v.team_id = $1', [name]);
  check.lastEvent(events === undefined ? null : new Cells(events).intOrNull());
  return check.finish();
}

const TABLES_OF_TEAMS = ['grants', 'runs', 'entries', 'statements', 'requests', 'events'] as const;

/** Rows of teams that do not exist: there are no foreign keys to forbid them. */
async function orphans(query: Query): Promise<readonly TeamViolation[]> {
  const found: TeamViolation[] = [];
  for (const table of TABLES_OF_TEAMS) {
    const rows = await query(
      `SELECT DISTINCT o.team_id FROM flow_credits.${table} o
       WHERE NOT EXISTS (SELECT FROM flow_credits.teams t WHERE t.team_id = o.team_id)`,
    );
    for (const row of rows) {
      const team = new Cells(row).text();
      found.push({ team, invariant: 1, rows: [table], message: `${table} of a team that does not exist` });
    }
  }
  return found;
}
