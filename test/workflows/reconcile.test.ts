import { beforeAll, describe, expect, it } from '@jest/globals';
import { credits } from '../../src/contracts/millicredits';
import { WORKFLOWS } from '../../src/contracts/names';
import { openLedger } from '../../src/ledger';
import { type ReconcileInput, type ReconcileResult } from '../../src/workflows';
import { violationsOf } from '../failures/books';
import { admitting } from '../ledger/store/scene';
import { eventually, uniqueName } from '../support';
import { openDesk, type Desk } from './desk';
import { endOf } from './run-ends';

/** Under a card that is there: closing a run asks it for the run's own price. */
const QUOTE = {
  rateCard: 'postman-2026-03-01',
  inForceFrom: 0,
  requiresCredits: true,
  least: credits(1),
  likely: credits(1),
};

type Reconcile = (input: ReconcileInput) => Promise<ReconcileResult>;

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});

function reconcile(input: ReconcileInput = {}): Promise<ReconcileResult> {
  return desk.temporal.workflow.execute<Reconcile>(WORKFLOWS.reconcile, {
    workflowId: uniqueName('reconcile'),
    taskQueue: desk.taskQueue,
    args: [{ graceMs: 0, ...input }],
  });
}

describe('reconcile', () => {
  it('closes who was terminated, running or waiting, and lets the next one go', async () => {
    const team = await desk.team('solo', { openingCredits: '1' });
    await desk.client.adjustCredits(team, { actor: 'test', credits: '-50', reason: 'one is left' });
    const holds = await desk.start(team, ['a']);
    const waits = await desk.start(team, ['a']);
    const next = await desk.start(team, ['a']);
    expect([holds, waits, next].map(({ admission }) => admission?.status)).toEqual([
      'admitted',
      'waiting',
      'waiting',
    ]);
    await eventually(() => desk.gate.times(holds.workflowId, 'a') === 1);
    for (const run of [holds, waits]) {
      await desk.temporal.workflow.getHandle(run.workflowId).terminate('test');
      expect(await endOf(run.result())).toBe('terminated');
    }
    expect(await desk.reader.run(team, holds.runId)).toMatchObject({ status: 'admitted' });

    const { closed } = await reconcile({ pageSize: 1 });
    expect(closed).toBeGreaterThanOrEqual(1);
    expect(await desk.reader.run(team, holds.runId)).toMatchObject({
      status: 'closed',
      closeReason: 'terminated',
      charged: 0n,
      holds: [],
    });
    // It left the line, or was released a moment earlier and found gone: either way it holds nothing.
    await eventually(async () => {
      const run = await desk.reader.run(team, waits.runId);
      expect(['left', 'closed']).toContain(run?.status);
      expect(run).toMatchObject({ charged: 0n, holds: [] });
    });
    desk.gate.open();
    await expect(next.result()).resolves.toMatchObject({ charged: '1000' });
    desk.gate.shut();
    expect(await violationsOf(desk.pool, desk.pricing, team)).toEqual([]);
  });

  it('leaves alone what lives: running, waiting, just started, reset', async () => {
    const team = await desk.team('solo');
    const runs = await Promise.all(Array.from({ length: 5 }, () => desk.start(team, ['a'])));
    await expect(reconcile()).resolves.toMatchObject({ closed: 0 });
    const [first] = runs;
    if (first === undefined) throw new Error('no run');
    await eventually(() => desk.gate.times(first.workflowId, 'a') === 1);
    await resetToStart(first.workflowId);
    await expect(reconcile()).resolves.toMatchObject({ closed: 0 });
    expect(await desk.reader.runs(team, { status: 'admitted', limit: 10 })).toHaveLength(5);
    desk.gate.open();
    await Promise.all(runs.map((run) => desk.temporal.workflow.getHandle(run.workflowId).result()));
    expect(await desk.reader.team(team)).toMatchObject({ charged: credits(5) });
    await expect(reconcile()).resolves.toEqual({ seen: 0, closed: 0, failed: 0 });
    desk.gate.shut();
  });

  it('tells runs that were admitted and not told', async () => {
    const team = await desk.emptyTeam('solo');
    const run = await desk.start(team, ['a']);
    expect(run.admission?.status).toBe('waiting');
    // A process that nobody listens to admits it, and dies before it tells.
    const other = await openLedger({ pool: desk.pool, rules: desk.pricing });
    try {
      const command = { team, requestId: uniqueName('q'), actor: 'test' };
      await other.submit({ kind: 'setPayg', ...command, enabled: true, cap: null });
      await expect(other.submit({ kind: 'release', team, most: 10 })).resolves.toMatchObject({
        runs: [{ runId: run.runId }],
      });
    } finally {
      await other.close();
    }
    expect(await desk.reader.run(team, run.runId)).toMatchObject({ status: 'admitted', tell: true });
    desk.gate.open();
    await expect(reconcile()).resolves.toMatchObject({ closed: 0 });
    await expect(run.result()).resolves.toMatchObject({ charged: '1000' });
    desk.gate.shut();
    expect(await violationsOf(desk.pool, desk.pricing, team)).toEqual([]);
  });

  it('goes through hundreds of open runs in pages, and finds the one that lives', async () => {
    const team = await desk.team('team');
    const lives = await desk.start(team, ['a']);
    const ids = Array.from({ length: 300 }, (_, index) => `${team}-gone-${index}`);
    const answers = await Promise.all(
      ids.map((workflowId) =>
        desk.ledger.submit({
          ...admitting(team, `${workflowId}:x`),
          workflowId,
          executionId: 'x',
          quotes: [QUOTE],
        }),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set(['admitted', 'waiting']));
    await expect(reconcile({ pageSize: 64, graceMs: 3_600_000 })).resolves.toEqual({
      seen: 0,
      closed: 0,
      failed: 0,
    });
    const { seen, closed } = await reconcile({ pageSize: 64 });
    // Some were released meanwhile, and found gone by who told them.
    expect(seen).toBeGreaterThan(64);
    expect(closed).toBeGreaterThan(64);
    await eventually(async () => {
      await reconcile({ pageSize: 64 });
      expect(await desk.reader.runs(team, { status: 'admitted', limit: 10 })).toMatchObject([
        { runId: lives.runId },
      ]);
    });
    expect(await desk.reader.team(team)).toMatchObject({ waiting: 0, charged: 0n });
    desk.gate.open();
    await expect(lives.result()).resolves.toMatchObject({ charged: '1000' });
    desk.gate.shut();
    expect(await violationsOf(desk.pool, desk.pricing, team)).toEqual([]);
  });

  it('passes a run whose rate card is not loaded, and closes the others', async () => {
    const team = await desk.team('solo');
    for (const rateCard of ['lost', QUOTE.rateCard]) {
      const quotes = [{ ...QUOTE, rateCard }];
      await desk.ledger.submit({ ...admitting(team, `${team}-${rateCard}:x`), quotes });
    }
    await expect(reconcile()).resolves.toEqual({ seen: 2, closed: 1, failed: 1 });
    expect(await desk.reader.runs(team, { status: 'admitted', limit: 10 })).toMatchObject([
      { rateCard: 'lost' },
    ]);
  });

  /** As an operator would, by `temporal workflow reset`: the execution is terminated, and a new one goes on from there. */
  async function resetToStart(workflowId: string): Promise<void> {
    const { runId } = await desk.temporal.workflow.getHandle(workflowId).describe();
    const { events } = await desk.temporal.workflow.getHandle(workflowId).fetchHistory();
    const completed = events?.find((event) => event.workflowTaskCompletedEventAttributes);
    await desk.temporal.workflowService.resetWorkflowExecution({
      namespace: desk.temporal.options.namespace,
      workflowExecution: { workflowId, runId },
      reason: 'test',
      requestId: uniqueName('reset'),
      workflowTaskFinishEventId: completed?.eventId ?? null,
    });
  }
});
