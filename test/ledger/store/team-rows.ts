import { type Pool } from 'pg';
import { chargeKey, chargeOf, chargeWith, type TeamRows } from '../../../src/ledger/core';
import { type PastCharge } from '../../../src/ledger/core/types';
import { selectOf, type Column } from '../../../src/ledger/store/columns';
import { type RawRow } from '../../../src/ledger/store/rows/cells';
import { ENTRY_COLUMNS, entryFrom } from '../../../src/ledger/store/rows/entries';
import { EVENT_COLUMNS, eventFrom } from '../../../src/ledger/store/rows/events';
import { GRANT_COLUMNS, grantFrom } from '../../../src/ledger/store/rows/grants';
import { REQUEST_COLUMNS, requestFrom } from '../../../src/ledger/store/rows/requests';
import { RUN_COLUMNS, runFrom } from '../../../src/ledger/store/rows/runs';
import { STATEMENT_COLUMNS, statementFrom } from '../../../src/ledger/store/rows/statements';
import { TEAM_COLUMNS, teamFrom } from '../../../src/ledger/store/rows/teams';

/** All rows of a team as Postgres has them, in the form in which the core's memory ledger has them. */
export async function teamRows(pool: Pool, team: string): Promise<TeamRows> {
  const all = async <Row>(
    table: string,
    columns: readonly Column<Row>[],
    order: string,
  ): Promise<readonly RawRow[]> => {
    const { rows } = await pool.query<(string | null)[]>({
      text: `SELECT ${selectOf(columns, 't')} FROM flow_credits.${table} t WHERE team_id = $1 ORDER BY ${order}`,
      values: [team],
      rowMode: 'array',
      types: { getTypeParser: () => (text: string) => text },
    });
    return rows;
  };
  const [row] = await all('teams', TEAM_COLUMNS, '1');
  if (row === undefined) throw new Error(`team "${team}" is not there`);
  const entries = (await all('entries', ENTRY_COLUMNS, 'seq')).map((one) => entryFrom(one).entry);
  const runs = (await all('runs', RUN_COLUMNS, 'run_id')).map((one) => runFrom(one).run);
  const grants = (await all('grants', GRANT_COLUMNS, 'grant_id')).map((one) => grantFrom(one).grant);
  const requests = (await all('requests', REQUEST_COLUMNS, 'request_id')).map(
    (one) => requestFrom(one).request,
  );
  const statements = await all('statements', STATEMENT_COLUMNS, 'period');
  const events = (await all('events', EVENT_COLUMNS, 'seq')).map((one) => eventFrom(one).event);
  const charges = new Map<string, PastCharge>();
  for (const entry of entries) {
    const key = chargeKey(entry.runId ?? '', entry.key ?? '');
    const charge = chargeOf(entry) ?? chargeWith(charges.get(key), entry);
    if (charge !== null) charges.set(key, charge);
  }
  return {
    team: teamFrom(row),
    grants: new Map(grants.map((grant) => [grant.id, grant])),
    runs: new Map(runs.map((run) => [run.runId, run])),
    charges,
    requests: new Map(requests.map((request) => [request.requestId, request])),
    entries,
    events,
    statements: statements.map((one) => statementFrom(one).statement),
    line: runs
      .filter(({ status }) => status === 'waiting')
      .sort((a, b) => (a.place ?? 0) - (b.place ?? 0))
      .map(({ runId }) => runId),
  };
}
