import { type FlowInput } from '../../src/contracts/flow';

const BLOCKS = 8;

/** Eight HTTP requests in a row to a server on loopback. */
export function httpFlow(baseUrl: string): FlowInput {
  return chain('eight-requests', (n) => ({
    id: `h${n}`,
    type: 'http-request',
    config: { url: `${baseUrl}/${n}` },
  }));
}

/** Eight expressions in a row. */
export function logicFlow(): FlowInput {
  return chain('eight-expressions', (n) => ({
    id: `e${n}`,
    type: 'evaluate',
    config: { expression: `{"n": ${n}}` },
  }));
}

function chain(name: string, block: (n: number) => FlowInput['blocks'][number]): FlowInput {
  const blocks = Array.from({ length: BLOCKS }, (_, index) => block(index + 1));
  const ids = ['start', ...blocks.map(({ id }) => id), 'end'];
  return {
    name,
    blocks: [{ id: 'start', type: 'start' }, ...blocks, { id: 'end', type: 'output' }],
    connections: ids.slice(1).map((to, index) => ({ from: ids[index] ?? 'start', to })),
  };
}
