import { Client, type WorkflowHandle } from '@temporalio/client';
import { FlowCreditsClient } from '../../src/client';
import { connectionFromEnv, temporalSettings } from '../../src/client/connection';
import { type FlowInput } from '../../src/contracts/flow';
import { startStack } from '../../src/dev/stack';
import { startStackWorker } from '../../src/dev/worker';
import { startHttpGate } from '../failures/http-gate';

/** Loops in a loop and a called flow: logic, requests side by side, and a delay that is under way meanwhile. */
function loops(url: string): FlowInput {
  const request = { id: 'get', type: 'http-request', config: { url: `${url}/r/get` } };
  const inner = {
    blocks: [{ id: 's', type: 'start' }, { id: 'twice', type: 'evaluate', config: { expression: '2 * input.item' } }, { id: 'o', type: 'output' }],
    connections: [
      { from: 's', to: 'twice' },
      { from: 'twice', to: 'o' },
    ],
  };
  const body = {
    blocks: [
      { id: 's', type: 'start' },
      { id: 'call', type: 'flow', config: { flow: { ref: 'called' } } },
      { id: 'each', type: 'for', config: { items: '[1..2]', body: inner } },
      { id: 'both', type: 'collect' },
      { id: 'o', type: 'output' },
    ],
    connections: [
      { from: 's', to: 'call' },
      { from: 's', to: 'each' },
      { from: 'call', to: 'both' },
      { from: 'each', to: 'both' },
      { from: 'both', to: 'o' },
    ],
  };
  return {
    name: 'loops',
    blocks: [
      { id: 'start', type: 'start' },
      { id: 'wait', type: 'delay', config: { seconds: 4 } },
      { id: 'many', type: 'repeat', config: { times: 12, concurrency: 3, body } },
      request,
      { id: 'out', type: 'output' },
    ],
    connections: [
      { from: 'start', to: 'many' },
      { from: 'start', to: 'wait' },
      { from: 'wait', to: 'get' },
      { from: 'many', to: 'out' },
      { from: 'get', to: 'out' },
    ],
  };
}

/** Records a run that continued as new, execution by execution. */
export async function recordLoops(
  record: (name: string, handle: WorkflowHandle) => Promise<void>,
): Promise<void> {
  const stack = await startStack({ headless: true, schedules: false });
  const gate = await startHttpGate();
  gate.open();
  try {
    const { connection, namespace } = await connectionFromEnv(temporalSettings(stack.env));
    const temporal = new Client({ connection, namespace });
    const client = new FlowCreditsClient({ client: temporal, teamBilling: { lingerMs: 500 } });
    const worker = await startStackWorker(stack);
    await client.upsertTeam('acme', { plan: 'enterprise', anchor: '2026-11-01T00:00:00' });
    const called: FlowInput = {
      name: 'called',
      blocks: [{ id: 'get', type: 'http-request', config: { url: `${gate.url}/r/called` } }],
    };
    const run = await client.startRun({
      team: 'acme',
      flow: loops(gate.url),
      flows: { called },
      trigger: 'api',
      wait: 'admission',
      blocksPerExecution: 30,
    });
    await run.result();
    const { workflowId } = run;
    for (const [place, runId] of (await executionsOf(temporal, workflowId)).entries()) {
      await record(`run-loops-${String(place + 1)}`, temporal.workflow.getHandle(workflowId, runId, { followRuns: false }));
    }
    await worker.stop();
    await connection.close();
  } finally {
    await gate.close();
    await stack.stop();
  }
}

/** The executions a run went through, the first one first. */
async function executionsOf(temporal: Client, workflowId: string): Promise<string[]> {
  const all: string[] = [];
  let { runId } = await temporal.workflow.getHandle(workflowId).describe();
  while (runId !== '') {
    all.unshift(runId);
    const { events } = await temporal.workflow.getHandle(workflowId, runId).fetchHistory();
    runId = events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId ?? '';
  }
  return all;
}
