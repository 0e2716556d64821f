import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually';
import { entriesOf } from './books';
import { PATIENT, TEST_TIMEOUT_MS, expectRequestedOnce, expectSettled } from './expectations';
import { startOwnPlatform, type OwnPlatform } from './own-servers';

const BLOCKS = ['a', 'b'];
const RUNS = 40;
const TEAM = 'patient';

let own: OwnPlatform;
beforeAll(async () => {
  own = await startOwnPlatform();
});
afterAll(() => own.stop());

describe('waiting runs, when worker, Postgres and Temporal are all killed and started again', () => {
  it(
    'keep their places, and pay-as-you-go releases them in order, none lost',
    async () => {
      const { platform, temporal, postgres } = own;
      const { client, gate, pool } = platform;
      gate.open();
      const worker = await platform.startWorker();
      await client.upsertTeam(TEAM, { plan: 'solo', anchor: '2026-01-01T00:00' });
      await client.adjustCredits(TEAM, { actor: 'test', credits: '-50', reason: 'nothing left' });
      const runs = await platform.start(TEAM, RUNS, BLOCKS);
      await eventually(async () => {
        expect(await client.line(TEAM)).toHaveLength(RUNS);
        const views = await Promise.all(runs.map(({ workflowId }) => client.run(workflowId)));
        // The run itself knows, too: its part of the history is written.
        expect(views.filter(({ status }) => status !== 'waiting')).toEqual([]);
      }, PATIENT);
      const line = await client.line(TEAM);

      await Promise.all([worker.kill(), postgres.kill(), temporal.kill()]);
      await Promise.all([postgres.start(), temporal.start()]);
      await platform.startWorker();

      expect(await client.line(TEAM)).toEqual(line);
      expect(gate.calls).toEqual([]);
      const answer = await client.setPayAsYouGo(TEAM, { actor: 'test', enabled: true, capUsd: '5' });
      expect(answer).toMatchObject({ status: 'done', enabled: true });
      await expectSettled(platform, TEAM, runs, BLOCKS);
      expectRequestedOnce(platform, runs, BLOCKS);

      const inOrder = new Set(
        (await entriesOf(pool, TEAM)).filter(({ kind }) => kind === 'hold').map(({ runId }) => runId),
      );
      expect([...inOrder]).toEqual(line.map(({ runId }) => runId));
      expect(await platform.reader.team(TEAM)).toMatchObject({ payg: { charged: 80_000n, held: 0n } });
    },
    TEST_TIMEOUT_MS,
  );
});
