import { beforeAll, describe, expect, it } from '@jest/globals';
import { credits } from '../../src/contracts/millicredits';
import { moveClock } from '../../src/ledger';
import { openDesk, type Desk } from '../workflows/desk';
import { violationsOf } from './books';
import { TEST_TIMEOUT_MS } from './expectations';

const RUNS = 50;

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});

describe('a month in which fifty runs came for the last credit', () => {
  it(
    'has a statement that is exact: one credit, and forty-nine by pay-as-you-go',
    async () => {
      desk.gate.open();
      const team = await desk.team('solo', { openingCredits: '1' });
      const withdrawn = { actor: 'test', credits: '-50', reason: 'to the last one' };
      expect(await desk.client.adjustCredits(team, withdrawn)).toMatchObject({ status: 'done' });
      const runs = await Promise.all(Array.from({ length: RUNS }, () => desk.start(team, ['a'])));
      await desk.client.setPayAsYouGo(team, { actor: 'test', enabled: true, uncapped: true });
      await Promise.all(runs.map((run) => run.result()));

      const before = await desk.reader.team(team);
      if (before === null) throw new Error(`team ${team} is gone`);
      await moveClock(desk.pool, before.period.end - before.at);
      expect(await desk.ledger.submit({ kind: 'touch', team })).toMatchObject({ status: 'current' });
      const statements = await desk.reader.statements(team);
      expect(statements).toHaveLength(1);
      expect(statements[0]).toMatchObject({
        opening: 0n,
        granted: credits(51),
        charged: credits(1),
        withdrawn: credits(50),
        expired: 0n,
        closing: 0n,
        heldOverOut: 0n,
        paygHeldOverOut: 0n,
        payg: credits(RUNS - 1),
        // $0.049, rounded once, half up.
        paygCents: 5n,
        overdraft: 0n,
        owed: 0n,
      });
      expect(await violationsOf(desk.pool, desk.pricing, team)).toEqual([]);
    },
    TEST_TIMEOUT_MS,
  );
});
