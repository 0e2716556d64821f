import { type FlowInput } from '../../src/contracts/flow';
import { executionsOf } from '../support/history';
import { onStack, type Keep } from './on-stack';

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
export function recordLoops(keep: Keep): Promise<void> {
  return onStack(async ({ temporal, client, url }) => {
    const called: FlowInput = {
      name: 'called',
      blocks: [{ id: 'get', type: 'http-request', config: { url: `${url}/r/called` } }],
    };
    const run = await client.startRun({
      team: 'acme',
      flow: loops(url),
      flows: { called },
      trigger: 'api',
      wait: 'admission',
      blocksPerExecution: 30,
    });
    await run.result();
    for (const [place, history] of (await executionsOf(temporal, run.workflowId)).entries()) {
      keep(`run-loops-${place + 1}`, history);
    }
  });
}
