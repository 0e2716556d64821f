import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type FlowInput } from '../../src/contracts/flow';
import { teamBillingId, WORKFLOWS } from '../../src/contracts/names';
import { eventually, sharedServers, testDatabase, uniqueName } from '../support';
import { entriesOf } from './books';
import { expectAtRest, PATIENT } from './expectations';
import { Platform } from './platform';

const RUNS = 5_000;
const STARTS_AT_ONCE = 100;
/** Credits for so many of them. */
const SOME = 1_234;
const TIMEOUT_MS = 900_000;
const LONG = { timeoutMs: 600_000, everyMs: 250 } as const;

/** One credit in the cloud, and no request to anybody: the line is under test. */
const ONE_CREDIT: FlowInput = {
  name: 'one credit',
  blocks: [
    { id: 'start', type: 'start' },
    { id: 'sum', type: 'evaluate', config: { expression: '1 + 1' } },
    { id: 'out', type: 'output' },
  ],
  connections: [
    { from: 'start', to: 'sum' },
    { from: 'sum', to: 'out' },
  ],
};

let platform: Platform;
beforeAll(async () => {
  const { temporalAddress, namespace } = sharedServers();
  const { url } = await testDatabase();
  platform = await Platform.open(
    { TEMPORAL_ADDRESS: temporalAddress, TEMPORAL_NAMESPACE: namespace, DATABASE_URL: url },
    uniqueName('queue'),
  );
});
afterAll(() => platform.close());

/** Starts all of them, so many at a time, and waits until all of them stand in the line. */
async function lineUp(team: string): Promise<readonly string[]> {
  const { client, reader } = platform;
  let next = 0;
  await Promise.all(
    Array.from({ length: STARTS_AT_ONCE }, async () => {
      while (next < RUNS) {
        const workflowId = `${team}-${next}`;
        next += 1;
        await client.startRun({ workflowId, team, flow: ONE_CREDIT, trigger: 'api' });
      }
    }),
  );
  await eventually(async () => (await reader.team(team))?.waiting === RUNS, LONG);
  const line = await reader.line(team, { after: 0, limit: RUNS });
  return line.map(({ runId }) => runId);
}

/** Runs in the order in which credits were first set aside for them. */
async function admissions(team: string): Promise<readonly string[]> {
  const entries = await entriesOf(platform.pool, team);
  return entries.flatMap(({ kind, runId }) => (kind === 'hold' && runId !== null ? [runId] : []));
}

async function chargesOf(team: string): Promise<number> {
  const entries = await entriesOf(platform.pool, team);
  return entries.filter(({ kind }) => kind === 'charge').length;
}

async function waitingOf(team: string): Promise<number> {
  return (await platform.reader.team(team))?.waiting ?? 0;
}

describe('five thousand waiting runs', () => {
  it(
    'go in order of arrival: as many as there are credits for, then all, whatever is killed on the way',
    async () => {
      const { client, temporal } = platform;
      const team = uniqueName('team');
      let worker = await platform.startWorker();
      await client.upsertTeam(team, { plan: 'solo', anchor: '2026-01-01T00:00' });
      await client.adjustCredits(team, { actor: 'test', credits: '-50', reason: 'nothing left' });
      const line = await lineUp(team);
      expect(new Set(line).size).toBe(RUNS);

      await client.adjustCredits(team, { actor: 'test', credits: String(SOME), reason: 'for some of them' });
      await eventually(async () => (await chargesOf(team)) === SOME, LONG);
      await eventually(async () => {
        expect(await platform.reader.team(team)).toMatchObject({ spendable: 0n, waiting: RUNS - SOME });
      }, PATIENT);
      expect(await admissions(team)).toEqual(line.slice(0, SOME));

      await client.setPayAsYouGo(team, { actor: 'test', enabled: true, uncapped: true });
      // Everything that releases dies, in the first and in the second third of it.
      for (const left of [2_600, 1_300]) {
        await eventually(async () => (await waitingOf(team)) <= left, { ...LONG, everyMs: 50 });
        await worker.kill();
        await temporal.workflow
          .getHandle(teamBillingId(team))
          .terminate('killed by a test')
          .catch(() => undefined); // it may have left by itself
        expect(await waitingOf(team)).toBeGreaterThan(0);
        worker = await platform.startWorker();
        // What the schedule does every minute.
        await temporal.workflow.execute(WORKFLOWS.reconcile, {
          taskQueue: platform.taskQueue,
          workflowId: uniqueName('reconcile'),
          args: [{}],
        });
      }
      await eventually(async () => (await chargesOf(team)) === RUNS, LONG);
      await eventually(async () => {
        expect(await platform.reader.runs(team, { status: 'admitted', limit: 1 })).toEqual([]);
      }, LONG);

      // Nobody is lost, none is let go twice, none overtakes another; each did its work once.
      expect(await admissions(team)).toEqual(line);
      const results = await Promise.all(
        [0, SOME - 1, SOME, 2_499, RUNS - 1].map((index) =>
          temporal.workflow.getHandle(`${team}-${index}`).result(),
        ),
      );
      expect(results).toEqual(results.map(() => expect.objectContaining({ charged: '1000' })));
      expect(await platform.reader.team(team)).toMatchObject({
        payg: { charged: BigInt(RUNS - SOME) * 1_000n, held: 0n },
      });
      await expectAtRest(platform, team, RUNS);
    },
    TIMEOUT_MS,
  );
});
