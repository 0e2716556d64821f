import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WORKFLOWS, teamBillingId } from '../../src/contracts/names';
import { eventually, sharedServers, testDatabase, uniqueName } from '../support';
import { entriesOf } from './books';
import { PATIENT, TEST_TIMEOUT_MS, expectSettled } from './expectations';
import { Platform } from './platform';

const BLOCKS = ['a'];
const RUNS = 200;
/** The first page is under way when everything dies, the second has not begun. */
const PAGE = 120;

let platform: Platform;
beforeAll(async () => {
  const { temporalAddress, namespace } = sharedServers();
  const { url } = await testDatabase();
  platform = await Platform.open(
    { TEMPORAL_ADDRESS: temporalAddress, TEMPORAL_NAMESPACE: namespace, DATABASE_URL: url },
    uniqueName('queue'),
    { release: { window: PAGE } },
  );
});
afterAll(() => platform.close());

describe('keeper and worker killed while two hundred waiting runs are released', () => {
  it(
    'loses nobody and releases nobody twice',
    async () => {
      const { client, gate, pool, temporal } = platform;
      const team = uniqueName('team');
      const worker = await platform.startWorker();
      await client.upsertTeam(team, { plan: 'solo', anchor: '2026-01-01T00:00' });
      await client.adjustCredits(team, { actor: 'test', credits: '-50', reason: 'nothing left' });
      const runs = await platform.start(team, RUNS, BLOCKS);
      await eventually(async () => (await client.line(team, { limit: RUNS })).length === RUNS, PATIENT);
      const line = await client.line(team, { limit: RUNS });

      await client.setPayAsYouGo(team, { actor: 'test', enabled: true, uncapped: true });
      const admittedNow = (): ReturnType<typeof platform.reader.runs> =>
        platform.reader.runs(team, { status: 'admitted', limit: RUNS });
      await eventually(async () => (await admittedNow()).length >= PAGE, { ...PATIENT, everyMs: 1 });
      // Nobody writes anything of the team any more: who is told now cannot be marked as told.
      const lock = await pool.connect();
      await lock.query('BEGIN');
      await lock.query('SELECT 1 FROM flow_credits.teams WHERE team_id = $1 FOR UPDATE', [team]);
      await eventually(() => gate.calls.length >= 1, { ...PATIENT, everyMs: 1 });
      await worker.kill();
      await lock.query('ROLLBACK');
      lock.release();
      await temporal.workflow.getHandle(teamBillingId(team)).terminate('killed by a test');
      const inFlight = new Set(gate.calls.map(({ run }) => run));
      // In the middle: a page is admitted, and some of it are not marked as told.
      const admitted = await admittedNow();
      expect(admitted.length).toBeGreaterThanOrEqual(PAGE);
      expect(admitted.filter(({ tell }) => tell)).not.toEqual([]);

      gate.open();
      await platform.startWorker();
      // What the schedule does every minute.
      await temporal.workflow.execute(WORKFLOWS.reconcile, {
        taskQueue: platform.taskQueue,
        workflowId: uniqueName('reconcile'),
        args: [{}],
      });
      await expectSettled(platform, team, runs, BLOCKS);

      // Each is admitted once, in the line's order, and runs once; a block in flight at the kill is asked for again.
      const holds = (await entriesOf(pool, team)).filter(({ kind }) => kind === 'hold');
      expect(holds.map(({ runId }) => runId)).toEqual(line.map(({ runId }) => runId));
      expect(runs.map(({ workflowId }) => gate.times(workflowId, 'a'))).toEqual(
        runs.map(({ workflowId }) => (inFlight.has(workflowId) ? 2 : 1)),
      );
      expect(await platform.reader.team(team)).toMatchObject({ payg: { charged: 200_000n, held: 0n } });
    },
    TEST_TIMEOUT_MS,
  );
});
