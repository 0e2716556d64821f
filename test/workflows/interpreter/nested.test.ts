import { describe, expect, it } from '@jest/globals';
import { linked } from '../../../src/contracts/blocks-nested';
import { jsonBytes } from '../../../src/contracts/blocks-size';
import { type Block, type Flow } from '../../../src/contracts/flow';
import { type Json } from '../../../src/contracts/json';
import {
  begin,
  BOUNDS,
  compact,
  deadlineOf,
  delivered,
  failed,
  firstReady,
  inputsOf,
  isOpen,
  outcome,
  outputs,
  ready,
  running,
  startFlow,
  taskOf,
  type FlowState,
} from '../../../src/workflows/interpreter';
import { flowOf } from './flows';

const kilobytes = (count: number): string => 'x'.repeat(count * 1024);

/** `start > loop > out`. */
function around(type: string, config: Block['config'], connections = ['s>l', 'l>o']): Flow {
  const flow = flowOf(['s:start', `l:${type}`, 'o:output'], connections);
  return { ...flow, blocks: flow.blocks.map((block) => (block.id === 'l' ? { ...block, config } : block)) };
}

function bodyOf(blocks: readonly string[], connections: readonly string[]): Record<string, Json> {
  const { name, blocks: all, connections: edges } = flowOf(blocks, connections);
  return {
    name,
    blocks: all.map(({ id, type, config }) => ({ id, type, config })),
    connections: edges.map(({ from, port, to }) => ({ from, port: port ?? 'out', to })),
  };
}

const BODY = bodyOf(['s:start', 'h', 'o:output'], ['s>h', 'h>o']);

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

/** Delivers to whatever is ready first, until the flow has ended or `most` were delivered. */
function go(flow: Flow, from: FlowState, value: (key: string) => Json, most = Infinity): FlowState {
  let state = from;
  for (let count = 0; count < most; count += 1) {
    const key = firstReady(state, flow);
    if (key === null) return state;
    const { kind } = taskOf(state, flow, key);
    state = begin(state, flow, key);
    state = delivered(state, flow, key, kind === 'rest' ? {} : { value: value(key) });
  }
  return state;
}

describe('a for', () => {
  it('gives each iteration its item, its index and what the loop got', () => {
    const flow = around('for', { items: ['a', 'b'], body: BODY });
    const first = startFlow(flow, { base: 1 });
    expect(ready(first, flow)).toEqual(['l[0]/h']);
    expect(inputsOf(first, flow, 'l[0]/h')).toEqual({ s: { item: 'a', index: 0, input: { base: 1 } } });
    const end = go(flow, first, (key) => key);
    expect(outputs(end, flow)).toEqual({ o: ['l[0]/h', 'l[1]/h'] });
  });

  it.each<[string, Json, Json]>([
    ['a list', [7, 8], [7, 8]],
    ['one value', { only: true }, [{ only: true }]],
    ['nothing', null, []],
  ])('takes %s for its items', (_, input, items) => {
    const flow = around('for', { body: bodyOf(['s:start', 'h', 'o:output'], ['s>h', 'h>o']) });
    const seen: Json[] = [];
    let state = startFlow(flow, input);
    for (let key = firstReady(state, flow); key !== null; key = firstReady(state, flow)) {
      seen.push(inputsOf(state, flow, key)['s'] ?? null);
      state = delivered(state, flow, key, {});
    }
    expect(seen).toEqual(Array.isArray(items) ? items.map((item, index) => ({ item, index })) : []);
    expect(outcome(state)).toBe('completed');
  });

  it('asks for its items with that part of its config alone, and begins with the answer', () => {
    const flow = around('for', { items: 'input.list', body: BODY });
    const state = startFlow(flow, { list: [1] });
    expect(taskOf(state, flow, 'l')).toEqual({
      kind: 'ask',
      block: { id: 'l', type: 'for', config: { items: 'input.list' } },
      inputs: { s: { list: [1] } },
    });
    const asked = begin(state, flow, 'l');
    expect(running(asked, flow)).toEqual(['l']);
    const open = delivered(asked, flow, 'l', { value: ['x', 'y'] });
    expect(ready(open, flow)).toEqual(['l[0]/h']);
    expect(delivered(open, flow, 'l', { value: ['z'] })).toBe(open);
    expect(failed(asked, flow, 'l', { type: 'ExpressionFailed', message: 'no' }).failure).toEqual({
      blockId: 'l',
      type: 'ExpressionFailed',
      message: 'no',
    });
  });

  it('gathers in the order of the iterations, whoever ends first', () => {
    const flow = around('for', { items: [0, 1, 2, 3], concurrency: 3, body: BODY });
    let state = startFlow(flow, null);
    expect(ready(state, flow)).toEqual(['l[0]/h', 'l[1]/h', 'l[2]/h']);
    for (const index of [2, 1, 3, 0]) {
      state = delivered(state, flow, `l[${index}]/h`, { value: index * 10 });
    }
    expect(outputs(state, flow)).toEqual({ o: [0, 10, 20, 30] });
  });

  it('delivers how often it went round where its body has no output', () => {
    const flow = around('for', { items: [1, 2, 3], body: bodyOf(['h'], []) });
    expect(
      outputs(
        go(flow, startFlow(flow, null), () => 'dropped'),
        flow,
      ),
    ).toEqual({ o: 3 });
  });
});

describe('a repeat', () => {
  it('holds no more in its ten-thousandth iteration than in its first, where nobody wants its results', () => {
    const flow = around('repeat', { times: 20_000, body: BODY }, ['s>l']);
    const size = (state: FlowState): number => JSON.stringify(state).length;
    const early = go(flow, startFlow(flow, null), () => kilobytes(1), 10);
    const late = go(flow, early, () => kilobytes(1), 10_000);
    expect(size(late) - size(early)).toBeLessThan(40);
    expect(late.bytes).toBe(early.bytes);
  });

  it('gathers a hundred thousand results in a handful of lists', () => {
    const flow = around('repeat', { times: 100_000, body: BODY });
    const almost = go(flow, startFlow(flow, null), () => 1, 99_999);
    expect(almost.loops[0]?.[1].gathered.length).toBeLessThan(20);
    const end = go(flow, almost, () => 1);
    const all = outputs(end, flow)['o'];
    expect(Array.isArray(all) ? all.length : 0).toBe(100_000);
  });

  it('with a condition asks before each iteration, and tells what came last', () => {
    const flow = around('repeat', { while: 'input.last < 3', body: BODY });
    const seen: Json[] = [];
    let state = startFlow(flow, 'in');
    for (let n = 0; n < 3; n += 1) {
      seen.push(taskOf(state, flow, 'l'));
      state = delivered(begin(state, flow, 'l'), flow, 'l', { value: n < 2 });
      if (n < 2) state = delivered(state, flow, `l[${n}]/h`, { value: n });
    }
    expect(seen).toMatchObject([
      { inputs: { l: { index: 0, input: 'in' } } },
      { inputs: { l: { index: 1, input: 'in', last: 0 } } },
      { inputs: { l: { index: 2, input: 'in', last: 1 } } },
    ]);
    expect(outputs(state, flow)).toEqual({ o: [0, 1] });
  });

  it.each<[string, Block['config'], Json]>([
    ['a condition that never ends', { while: 'true', most: 3 }, true],
    ['a number over its most', { times: 'input', most: 3 }, 4],
  ])('is held to its most: %s', (_, config, answer) => {
    const flow = around('repeat', { ...config, body: BODY });
    const end = go(flow, startFlow(flow, null), (key) => (key === 'l' ? answer : 0));
    expect(end.failure).toMatchObject({ blockId: 'l', type: 'TooManyIterations' });
    expect(end.failure?.message).toContain('the most is 3');
  });

  it('whose body executes nothing takes a breath from time to time', () => {
    const flow = around('repeat', { times: 1200, body: bodyOf(['s:start', 'o:output'], ['s>o']) });
    const state = startFlow(flow, null);
    expect(ready(state, flow)).toEqual(['l']);
    expect(taskOf(state, flow, 'l').kind).toBe('rest');
    expect(go(flow, state, () => null, 1).loops[0]?.[1].done).toBe(1000);
    const end = go(flow, state, () => null);
    expect(outputs(end, flow)).toMatchObject({ o: { length: 1200 } });
  });
});

describe('a failure inside', () => {
  it('fails the loop by the key of its block, and gives the other iterations up', () => {
    const flow = around('for', { items: [0, 1], concurrency: 2, body: BODY }, ['s>l', 'l.error>o']);
    let state = startFlow(flow, null);
    for (const key of ready(state, flow)) state = begin(state, flow, key);
    const before = state.abandoned;
    state = failed(state, flow, 'l[1]/h', { type: 'T', message: 'no' });
    expect(outputs(state, flow)).toEqual({ o: { message: 'block "l[1]/h": no', type: 'T' } });
    expect(state.abandoned).toBe(before + 1);
    expect(isOpen(state, flow, 'l[0]/h')).toBe(false);
    expect(delivered(state, flow, 'l[0]/h', { value: 1 })).toBe(state);
  });

  it('is named by its whole path, however deep', () => {
    const inner = { times: 2, body: BODY };
    const body = { blocks: [{ id: 'r', type: 'repeat', config: inner }], connections: [] };
    const flow = around('flow', { flow: { name: 'n', ...body } });
    const state = failed(startFlow(flow, null), flow, 'l/r[0]/h', { type: 'T', message: 'no' });
    expect(state.failure).toEqual({ blockId: 'l/r[0]/h', type: 'T', message: 'no' });
  });
});

describe('a called flow', () => {
  it('gets the block’s input, and gives its outputs: one by itself, several by name', () => {
    const one = { name: 'one', ...BODY };
    const two = { name: 'two', ...bodyOf(['s:start', 'a:output', 'b:output'], ['s>a', 's>b']) };
    const flow = around('flow', { flow: one });
    expect(inputsOf(startFlow(flow, 5), flow, 'l/h')).toEqual({ s: 5 });
    expect(
      outputs(
        go(flow, startFlow(flow, 5), () => 6),
        flow,
      ),
    ).toEqual({ o: 6 });
    const both = around('flow', { flow: two });
    expect(outputs(startFlow(both, 5), both)).toEqual({ o: { a: 5, b: 5 } });
  });

  it('is found by its name once it is linked', () => {
    const flow = around('flow', { flow: { ref: 'called' } });
    const called = flowOf(['s:start', 'h', 'o:output'], ['s>h', 'h>o']);
    const whole = linked(flow, { called });
    expect(ready(startFlow(whole, 1), whole)).toEqual(['l/h']);
  });
});

describe('a collect', () => {
  const flow = flowOf(
    ['i:if', 'a', 'b', 'c', 'all:collect', 'o:output'],
    ['i.true>a', 'i.false>b', 'a>all', 'b>all', 'c>all', 'all>o'],
  );

  it('waits until all is decided, and lists what came in the order of its connections', () => {
    let state = delivered(startFlow(flow, null), flow, 'c', { value: 3 });
    state = delivered(state, flow, 'i', { port: 'true' });
    expect(outcome(state)).toBe('running');
    state = delivered(state, flow, 'a', { value: 1 });
    expect(outputs(state, flow)).toEqual({ o: [1, 3] });
  });

  it('is skipped when nothing came', () => {
    const branches = flowOf(['i:if', 'a', 'all:collect'], ['i.true>a', 'a>all']);
    const state = delivered(startFlow(branches, null), branches, 'i', { port: 'false' });
    expect(outcome(state)).toBe('completed');
    expect(state.statuses[2]).toBe('skipped');
  });
});

describe('a delay in a loop', () => {
  it('keeps its deadline with its iteration', () => {
    const flow = around('for', { items: [1], body: bodyOf(['d:delay'], []) });
    const state = begin(startFlow(flow, null), flow, 'l[0]/d', 1_800_000_000_000);
    const carried = JSON.parse(JSON.stringify(compact(state, flow))) as FlowState;
    expect(running(carried, flow)).toEqual(['l[0]/d']);
    expect(deadlineOf(carried, flow, 'l[0]/d')).toBe(1_800_000_000_000);
    expect(outcome(delivered(carried, flow, 'l[0]/d', {}))).toBe('completed');
  });
});

describe('sizes', () => {
  it('fail a loop by name that gathers more than a block may deliver', () => {
    const flow = around('repeat', { times: 1000, body: BODY });
    const end = go(flow, startFlow(flow, null), () => kilobytes(10));
    expect(end.failure).toMatchObject({ blockId: 'l', type: 'ResultTooLarge' });
    expect(end.failure?.message).toContain('gathered more than 768 kB');
    expect(end.bytes).toBeLessThanOrEqual(BOUNDS.stateBytes);
  });

  it('let a loop, and a called flow, deliver a longer list than one block may', () => {
    const sixty: Json = { id: 'l', type: 'repeat', config: { times: 60, body: BODY } };
    const called = bodyOf(['s:start', 'o:output'], []);
    const flow = around('flow', {
      flow: {
        name: 'called',
        blocks: [...listOf(called['blocks']), sixty],
        connections: [
          { from: 's', to: 'l' },
          { from: 'l', to: 'o' },
        ],
      },
    });
    const end = go(flow, startFlow(flow, null), () => kilobytes(10));
    expect(outcome(end)).toBe('completed');
    expect(jsonBytes(outputs(end, flow))).toBeGreaterThan(BOUNDS.valueBytes);
  });

  it('fail a block by name when all that iterations need has no room', () => {
    const body = bodyOf(['a', 'b', 'join'], ['a>join', 'b>join']);
    const flow = around('repeat', { times: 10, concurrency: 10, body });
    let state = startFlow(flow, null);
    for (let index = 0; index < 10 && state.failure === null; index += 1) {
      state = delivered(state, flow, `l[${index}]/a`, { value: kilobytes(200) });
    }
    expect(state.failure).toMatchObject({ type: 'StateTooLarge' });
    expect(state.failure?.blockId).toMatch(/^l\[\d\]\/a$/);
    expect(JSON.stringify(state).length).toBeLessThan(2_000_000);
  });

  it('hold iterations back for which there is no room, and go on with the others', () => {
    const blocks = Array.from({ length: 300 }, (_, n) => `b${n}`);
    const body = bodyOf(
      blocks,
      blocks.slice(1).map((id, n) => `b${n}>${id}`),
    );
    const flow = around('repeat', { times: 100, concurrency: 100, body });
    const state = startFlow(flow, null);
    expect(ready(state, flow).length).toBeLessThan(60);
    expect(JSON.stringify(state).length).toBeLessThan(BOUNDS.stateBytes);
    const end = go(flow, state, () => null);
    expect(outcome(end)).toBe('completed');
  });

  it('carry no item twice: a long list lies in the state once', () => {
    const flow = around('for', { body: BODY }, ['s>l']);
    const items = Array.from({ length: 1000 }, (_, n) => `${n}${kilobytes(0.3)}`);
    const state = startFlow(flow, items);
    expect(JSON.stringify(state).length).toBeLessThan(JSON.stringify(items).length + 2000);
  });
});
