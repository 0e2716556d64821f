import { beforeAll, describe, expect, it } from '@jest/globals';
import { credits } from '../../src/contracts/millicredits';
import { WORKFLOWS } from '../../src/contracts/names';
import { type ReconcileInput, type ReconcileResult } from '../../src/workflows';
import { violationsOf } from '../failures/books';
import { eventually, uniqueName } from '../support';
import { openDesk, type Desk } from './desk';
import { endOf } from './run-ends';

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
    await expect(reconcile()).resolves.toEqual({ seen: 0, closed: 0 });
    desk.gate.shut();
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
