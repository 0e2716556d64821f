/**
 * Records a run with large values, execution by execution, on an embedded stack:
 * `npx tsx test/histories/record-large.ts [NAME]`. The name is `run-large` unless another is given.
 */
import { Client } from '@temporalio/client';
import { FlowCreditsClient } from '../../src/client';
import { connectionFromEnv, temporalSettings } from '../../src/client/connection';
import { type FlowInput } from '../../src/contracts/flow';
import { startStack } from '../../src/dev/stack';
import { startStackWorker } from '../../src/dev/worker';
import { startHttpGate } from '../failures/http-gate';
import { continuedFrom, historyInPages, type History } from '../support/history';
import { writeHistory } from './write';

/** Below what ends a workflow on the spot, so that code without a bound gets through, and above what is under way at once. */
const LARGE = '$pad("", 450000, "x")';

/** Three times a large value that six requests get side by side, then four large values one after the other. */
function largeFlow(url: string): FlowInput {
  const blocks: FlowInput['blocks'][number][] = [{ id: 'start', type: 'start' }];
  const connections: { from: string; to: string }[] = [];
  let before = 'start';
  const evaluate = (id: string, expression: string): void => {
    blocks.push({ id, type: 'evaluate', config: { expression } });
    connections.push({ from: before, to: id });
    before = id;
  };
  for (const stage of ['a', 'b', 'c']) {
    evaluate(`${stage}-large`, LARGE);
    const requests = Array.from({ length: 6 }, (_, n) => `${stage}${n}`);
    const join = `${stage}-join`;
    for (const id of requests) {
      blocks.push({ id, type: 'http-request', config: { url: `${url}/large/${id}` } });
      connections.push({ from: before, to: id }, { from: id, to: join });
    }
    blocks.push({ id: join, type: 'collect' });
    before = join;
  }
  for (const n of [1, 2, 3, 4]) evaluate(`in-turn-${n}`, LARGE);
  evaluate('last', '$length(input)');
  blocks.push({ id: 'end', type: 'output' });
  connections.push({ from: before, to: 'end' });
  return { name: 'large', blocks, connections };
}

async function main(name: string): Promise<void> {
  const stack = await startStack({ headless: true, schedules: false });
  const gate = await startHttpGate();
  gate.open();
  try {
    const { connection, namespace } = await connectionFromEnv(temporalSettings(stack.env));
    const temporal = new Client({ connection, namespace });
    const client = new FlowCreditsClient({ client: temporal, teamBilling: { lingerMs: 500 } });
    const worker = await startStackWorker(stack);
    await client.upsertTeam('acme', { plan: 'enterprise', anchor: '2026-11-01T00:00:00' });
    const run = await client.startRun({ team: 'acme', flow: largeFlow(gate.url), trigger: 'api' });
    await run.result();
    const executions: History[] = [];
    let { runId } = await temporal.workflow.getHandle(run.workflowId).describe();
    for (;;) {
      const history = await historyInPages(temporal, { workflowId: run.workflowId, runId });
      executions.unshift(history);
      const before = continuedFrom(history);
      if (before === null) break;
      runId = before;
    }
    for (const [place, history] of executions.entries()) writeHistory(`${name}-${place + 1}`, history);
    await worker.stop();
    await connection.close();
  } finally {
    await gate.close();
    await stack.stop();
  }
}

main(process.argv[2] ?? 'run-large').catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
