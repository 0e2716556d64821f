import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually';
import { entriesOf } from './books';
import { PATIENT, TEST_TIMEOUT_MS, expectSettled } from './expectations';
import { startOwnPlatform, type OwnPlatform } from './own-servers';

const BLOCKS = ['a', 'b'];
const RUNS = 20;
const TEAM = 'steady';

let own: OwnPlatform;
beforeAll(async () => {
  own = await startOwnPlatform();
  await own.platform.startWorker();
});
afterAll(() => own.stop());

describe('Temporal killed by SIGKILL while flows run, and started again on its file', () => {
  it(
    'charges what runs on meanwhile, and every run completes',
    async () => {
      const { platform, temporal } = own;
      const { client, gate, pool } = platform;
      await client.upsertTeam(TEAM, { plan: 'enterprise', anchor: '2026-01-01T00:00' });
      const runs = await platform.start(TEAM, RUNS, BLOCKS);
      await eventually(() => gate.of('a').length === RUNS, PATIENT);

      await temporal.kill();
      gate.answer(() => true);
      // The ledger needs no Temporal: the blocks in flight are charged while it is away, and reads answer.
      await eventually(async () => {
        const charged = (await entriesOf(pool, TEAM)).filter(({ kind }) => kind === 'charge');
        expect(charged).toHaveLength(RUNS);
      });
      expect(gate.of('b')).toEqual([]);

      await temporal.start();
      gate.open();
      await expectSettled(platform, TEAM, runs, BLOCKS);
      expect(await platform.reader.team(TEAM)).toMatchObject({
        balances: { included: { available: 500_000n - 40_000n } },
      });
    },
    TEST_TIMEOUT_MS,
  );
});
