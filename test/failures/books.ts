import { type Pool } from 'pg';
import { checkInvariants, type Violation } from '../../src/ledger/core';
import { type Entry, type Rules } from '../../src/ledger/core/types';
import { queryOn } from '../../src/ledger/read/rows';
import { selectOf } from '../../src/ledger/store/columns';
import { ENTRY_COLUMNS, entryFrom } from '../../src/ledger/store/rows/entries';
import { GRANT_COLUMNS, grantFrom } from '../../src/ledger/store/rows/grants';
import { RUN_COLUMNS, runFrom } from '../../src/ledger/store/rows/runs';
import { STATEMENT_COLUMNS, statementFrom } from '../../src/ledger/store/rows/statements';
import { TEAM_COLUMNS, teamFrom } from '../../src/ledger/store/rows/teams';

/** What the invariants of the design's section 8 find wrong with a team, over all its rows as they are in Postgres. */
export async function violationsOf(pool: Pool, rules: Rules, name: string): Promise<readonly Violation[]> {
  const query = queryOn(pool);
  const of = async <Row>(
    table: string,
    columns: Parameters<typeof selectOf<Row>>[0],
    order = '1',
  ): Promise<Awaited<ReturnType<typeof query>>> =>
    query(
      `SELECT ${selectOf(columns, 't')} FROM flow_credits.${table} t WHERE t.team_id = $1 ORDER BY ${order}`,
      [name],
    );
  const [team] = await of('teams', TEAM_COLUMNS);
  if (team === undefined) throw new Error(`team "${name}" is not in the ledger`);
  const grants = (await of('grants', GRANT_COLUMNS)).map((row) => grantFrom(row).grant);
  const runs = (await of('runs', RUN_COLUMNS)).map((row) => runFrom(row).run);
  const statements = (await of('statements', STATEMENT_COLUMNS, 't.period')).map(
    (row) => statementFrom(row).statement,
  );
  const entries = await entriesOf(pool, name);
  return checkInvariants(
    {
      team: teamFrom(team),
      grants: new Map(grants.map((grant) => [grant.id, grant])),
      runs: new Map(runs.map((run) => [run.runId, run])),
      statements,
    },
    entries,
    rules,
  );
}

/** All entries of a team, in order. */
export async function entriesOf(pool: Pool, team: string): Promise<readonly Entry[]> {
  const rows = await queryOn(pool)(
    `SELECT ${selectOf(ENTRY_COLUMNS, 'e')} FROM flow_credits.entries e WHERE e.team_id = $1 ORDER BY e.seq`,
    [team],
  );
  return rows.map((row) => entryFrom(row).entry);
}
