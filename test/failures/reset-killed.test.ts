import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WORKFLOWS } from '../../src/contracts/names';
import { openLedger } from '../../src/ledger';
import { type MonthlyResetResult } from '../../src/workflows';
import { atEnd, eventually, movePastResets, sharedServers, testDatabase, uniqueName } from '../support';
import { PATIENT, TEST_TIMEOUT_MS } from './expectations';
import { Platform } from './platform';

const TEAMS = 3_000;
/** In the middle of the order in which teams are rolled over: all end at once, so by their names. */
const STUCK = nameOf(TEAMS / 2);
const EMPTY = nameOf(TEAMS - 1);

function nameOf(number: number): string {
  return `team-${String(number).padStart(5, '0')}`;
}

let platform: Platform;
let databaseUrl: string;
beforeAll(async () => {
  const { temporalAddress, namespace } = sharedServers();
  databaseUrl = (await testDatabase()).url;
  platform = await Platform.open(
    { TEMPORAL_ADDRESS: temporalAddress, TEMPORAL_NAMESPACE: namespace, DATABASE_URL: databaseUrl },
    uniqueName('queue'),
  );
});
afterAll(() => platform.close());

async function makeTeams(): Promise<void> {
  const ledger = await openLedger({ databaseUrl, rules: platform.pricing, timeoutMs: 60_000 });
  atEnd(() => ledger.close());
  const answers = await Promise.all(
    Array.from({ length: TEAMS }, (_, number) =>
      ledger.submit({
        kind: 'upsertTeam',
        team: nameOf(number),
        plan: 'free',
        anchor: '2026-01-01T00:00:00',
        timeZone: 'UTC',
      }),
    ),
  );
  expect(answers.filter(({ status }) => status !== 'created')).toEqual([]);
}

/** How many there are, and of how many teams. */
async function statements(): Promise<{ readonly all: number; readonly teams: number }> {
  const { rows } = await platform.pool.query<{ n: string; teams: string }>(
    'SELECT count(*) AS n, count(DISTINCT team_id) AS teams FROM flow_credits.statements',
  );
  return { all: Number(rows[0]?.n), teams: Number(rows[0]?.teams) };
}

function reset(workflowId: string): Promise<MonthlyResetResult> {
  return platform.temporal.workflow.execute<() => Promise<MonthlyResetResult>>(WORKFLOWS.monthlyReset, {
    workflowId,
    taskQueue: platform.taskQueue,
  });
}

describe('a worker killed by SIGKILL in the middle of the reset of three thousand teams, three months late', () => {
  it(
    'closes each period of each team once, in order, beside a second reset; waiting runs go',
    async () => {
      const { client, gate, pool, reader } = platform;
      gate.open();
      const worker = await platform.startWorker();
      await makeTeams();
      await client.adjustCredits(EMPTY, { actor: 'test', credits: '-25', reason: 'nothing left' });
      const runs = await platform.start(EMPTY, 3, ['a'], uniqueName('run'));
      await eventually(async () => (await client.line(EMPTY)).length === 3, PATIENT);
      await movePastResets(pool, reader, EMPTY, 3);

      // Somebody holds a team's row: the reset gets to it, and no further.
      const holder = await pool.connect();
      await holder.query('BEGIN');
      await holder.query('SELECT 1 FROM flow_credits.teams WHERE team_id = $1 FOR UPDATE', [STUCK]);
      const first = reset(uniqueName('reset'));
      await eventually(async () => {
        const { rows } = await pool.query("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'");
        expect(rows).not.toEqual([]);
        expect((await statements()).all).toBeGreaterThan(0);
      }, PATIENT);
      await worker.kill();
      const { all: closed } = await statements();
      expect(closed).toBeLessThan(3 * TEAMS);
      await holder.query('ROLLBACK');
      holder.release();
      // A transaction is whole or it is not: nobody is between two months.
      expect(await statements()).toEqual({ all: closed, teams: closed / 3 });

      await platform.startWorker();
      const results = await Promise.all([first, reset(uniqueName('reset'))]);
      const counted = results.reduce((sum, { periodsClosed }) => sum + periodsClosed, 0);
      // What the killed worker had closed of its last page nobody counts.
      expect(counted).toBeLessThanOrEqual(3 * TEAMS);
      expect(counted).toBeGreaterThanOrEqual(3 * TEAMS - closed);
      expect(results.map(({ failed }) => failed)).toEqual([0, 0]);
      await Promise.all(runs.map((run) => run.result()));

      const { rows } = await pool.query<{ teams: string; periods: string }>(
        `SELECT count(*) AS teams, periods FROM (
           SELECT string_agg(period::text, ',' ORDER BY period_start_ms) AS periods
           FROM flow_credits.statements GROUP BY team_id
         ) AS of_team GROUP BY periods`,
      );
      const begun = (await reader.statements(EMPTY))[0]?.period.index ?? NaN;
      expect(rows).toEqual([
        { teams: String(TEAMS), periods: [begun, begun + 1, begun + 2].map(String).join(',') },
      ]);
      const { checked, violations } = await reader.verify();
      expect(violations).toEqual([]);
      expect(checked).toMatchObject({ teams: TEAMS, statements: 3 * TEAMS });
    },
    TEST_TIMEOUT_MS,
  );
});
