import { type FlowInput } from '../../../src/contracts/flow';

export interface ChaosFlow {
  readonly flow: (url: string) => FlowInput;
  /** What one run of it costs in the cloud, in millicredits, written down and not computed: 1 credit a request or logic block. */
  readonly price: bigint;
  /** Requests that a run makes. */
  readonly requests: number;
}

const request = (id: string, url: string) => ({
  id,
  type: 'http-request',
  config: { url: `${url}/${id}` },
});

/** Three requests, with logic and a second of waiting between them. */
const calls: ChaosFlow = {
  flow: (url) => ({
    name: 'calls',
    blocks: [
      request('a', url),
      { id: 'pause', type: 'delay', config: { seconds: 1 } },
      request('b', url),
      { id: 'sum', type: 'evaluate', config: { expression: '1 + 1' } },
      request('c', url),
    ],
    connections: [
      { from: 'a', to: 'pause' },
      { from: 'pause', to: 'b' },
      { from: 'b', to: 'sum' },
      { from: 'sum', to: 'c' },
    ],
  }),
  price: 5_000n,
  requests: 3,
};

/** Two requests at once, and what needs both. */
const fork: ChaosFlow = {
  flow: (url) => ({
    name: 'fork',
    blocks: [
      { id: 'begin', type: 'start' },
      request('left', url),
      request('right', url),
      { id: 'both', type: 'evaluate', config: { expression: 'true' } },
      { id: 'end', type: 'output' },
    ],
    connections: [
      { from: 'begin', to: 'left' },
      { from: 'begin', to: 'right' },
      { from: 'left', to: 'both' },
      { from: 'right', to: 'both' },
      { from: 'both', to: 'end' },
    ],
  }),
  price: 3_000n,
  requests: 2,
};

/** A loop of 24, three at a time, that continues as new on its way. */
const loop: ChaosFlow = {
  flow: (url) => ({
    name: 'loop',
    blocks: [
      {
        id: 'each',
        type: 'repeat',
        config: { times: 24, concurrency: 3, body: { blocks: [request('get', url)], connections: [] } },
      },
    ],
  }),
  price: 24_000n,
  requests: 24,
};

export const FLOWS: readonly ChaosFlow[] = [calls, calls, calls, fork, fork, loop];
