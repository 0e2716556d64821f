import { type FlowInput } from '../../src/contracts/flow';

/** HTTP requests one after the other: in the cloud each costs one credit. */
export function callsInTurn(url: string, blocks: readonly string[]): FlowInput {
  const ids = ['start', ...blocks, 'out'];
  return {
    name: 'calls in turn',
    blocks: [
      { id: 'start', type: 'start' },
      ...blocks.map((id) => ({ id, type: 'http-request', config: { url: `${url}/${id}` } })),
      { id: 'out', type: 'output' },
    ],
    connections: ids.slice(1).map((to, index) => ({ from: ids[index] ?? '', to })),
  };
}
