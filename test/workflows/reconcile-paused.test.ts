import { beforeAll, describe, expect, it } from '@jest/globals';
import { type StartedRun } from '../../src/client';
import { WORKFLOWS } from '../../src/contracts/names';
import { type ReconcileInput, type ReconcileResult } from '../../src/workflows';
import { violationsOf } from '../failures/books';
import { eventually, uniqueName } from '../support';
import { openDesk, type Desk } from './desk';

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});

function reconcile(): Promise<ReconcileResult> {
  return desk.temporal.workflow.execute<(input: ReconcileInput) => Promise<ReconcileResult>>(
    WORKFLOWS.reconcile,
    { workflowId: uniqueName('reconcile'), taskQueue: desk.taskQueue, args: [{ graceMs: 0 }] },
  );
}

/** As an operator would, by `temporal workflow pause`; visibility shows it a moment later. */
async function pause({ workflowId }: StartedRun): Promise<void> {
  const { namespace } = desk.temporal.options;
  await desk.temporal.workflowService.pauseWorkflowExecution({
    namespace,
    workflowId,
    identity: 'test',
    reason: 'test',
    requestId: uniqueName('pause'),
  });
  await eventually(async () => {
    const { count } = await desk.temporal.workflow.count(
      `WorkflowId = '${workflowId}' AND ExecutionStatus = 'Paused'`,
    );
    expect(count).toBe(1);
  });
}

async function unpause({ workflowId }: StartedRun): Promise<void> {
  const { namespace } = desk.temporal.options;
  await desk.temporal.workflowService.unpauseWorkflowExecution({
    namespace,
    workflowId,
    identity: 'test',
    reason: 'test',
    requestId: uniqueName('unpause'),
  });
}

describe('reconcile and runs that are paused in Temporal', () => {
  it('closes neither one that holds credits nor one that waits for them; both go on when they are unpaused', async () => {
    const team = await desk.team('solo', { openingCredits: '1' });
    await desk.client.adjustCredits(team, { actor: 'test', credits: '-50', reason: 'one is left' });
    const holds = await desk.start(team, ['a']);
    const waits = await desk.start(team, ['a', 'b']);
    expect([holds, waits].map(({ admission }) => admission?.status)).toEqual(['admitted', 'waiting']);
    await eventually(() => desk.gate.times(holds.workflowId, 'a') === 1);
    await pause(holds);
    await pause(waits);

    await expect(reconcile()).resolves.toMatchObject({ seen: 2, closed: 0 });
    expect(await desk.reader.run(team, holds.runId)).toMatchObject({ status: 'admitted' });
    expect(await desk.reader.run(team, waits.runId)).toMatchObject({ status: 'waiting' });

    // Its block ends and is charged; it is released while it is paused, and holds its credits until it goes on.
    desk.gate.open();
    await desk.client.setPayAsYouGo(team, { actor: 'test', enabled: true, uncapped: true });
    await eventually(async () => {
      expect(await desk.reader.run(team, waits.runId)).toMatchObject({ status: 'admitted', tell: false });
      expect(await desk.reader.run(team, holds.runId)).toMatchObject({ charged: 1_000n });
    });
    await expect(reconcile()).resolves.toMatchObject({ seen: 2, closed: 0 });

    await Promise.all([unpause(holds), unpause(waits)]);
    await expect(holds.result()).resolves.toMatchObject({ charged: '1000' });
    await expect(waits.result()).resolves.toMatchObject({ charged: '2000' });
    await expect(reconcile()).resolves.toEqual({ seen: 0, closed: 0, failed: 0 });
    expect(await violationsOf(desk.pool, desk.pricing, team)).toEqual([]);
  });
});
