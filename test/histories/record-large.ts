import { type FlowInput } from '../../src/contracts/flow';
import { executionsOf } from '../support/history';
import { onStack, type Keep } from './on-stack';

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

/** Records a run with large values, execution by execution. */
export function recordLarge(keep: Keep): Promise<void> {
  return onStack(async ({ temporal, client, url }) => {
    const run = await client.startRun({ team: 'acme', flow: largeFlow(url), trigger: 'api' });
    await run.result();
    for (const [place, history] of (await executionsOf(temporal, run.workflowId)).entries()) {
      keep(`run-large-${place + 1}`, history);
    }
  });
}
