import { describe, expect, it } from '@jest/globals';
import { type Flow } from '../../../src/contracts/flow';
import { type Json } from '../../../src/contracts/json';
import {
  begin,
  BOUNDS,
  compact,
  deadlineOf,
  delivered,
  failed,
  inputsOf,
  outcome,
  outputs,
  ready,
  running,
  startFlow,
  statuses,
} from '../../../src/workflows/interpreter';
import { flowOf } from './flows';

const kilobytes = (count: number): string => 'x'.repeat(count * 1024);

/** Delivers the given values in order; `'check.true'` names a port, undefined hands the input on. */
function after(
  flow: Flow,
  input: Json,
  ...steps: readonly (readonly [string, Json?])[]
): ReturnType<typeof startFlow> {
  return steps.reduce(
    (state, [at, value]) => {
      const [id = '', port] = at.split('.');
      return delivered(state, flow, id, { port, value });
    },
    startFlow(flow, input),
  );
}

describe('what runs', () => {
  it('begins with what start reaches and what waits for nothing', () => {
    const flow = flowOf(['s:start', 'a', 'b', 'lone'], ['s>a', 'a>b']);
    const state = startFlow(flow, { n: 1 });
    expect(new Set(ready(state, flow))).toEqual(new Set(['a', 'lone']));
    expect(inputsOf(state, flow, 'a')).toEqual({ s: { n: 1 } });
    expect(inputsOf(state, flow, 'lone')).toEqual({});
    expect(statuses(state, flow)).toEqual({ s: 'done', a: 'pending', b: 'pending', lone: 'pending' });
  });

  it('waits for all incoming connections, and gives several values by sender', () => {
    const flow = flowOf(['s:start', 'a', 'b', 'join'], ['s>a', 's>b', 'a>join', 'b>join']);
    const one = after(flow, null, ['b', 2]);
    expect(ready(one, flow)).toEqual(['a']);
    const both = delivered(one, flow, 'a', { value: 1 });
    expect(ready(both, flow)).toEqual(['join']);
    expect(inputsOf(both, flow, 'join')).toEqual({ a: 1, b: 2 });
  });

  it('skips what depends only on a branch not taken, however far', () => {
    const flow = flowOf(
      ['s:start', 'i:if', 'yes', 'no', 'later', 'o:output'],
      ['s>i', 'i.true>yes', 'i.false>no', 'no>later', 'later>o'],
    );
    const state = after(flow, null, ['i.true']);
    expect(ready(state, flow)).toEqual(['yes']);
    expect(statuses(state, flow)).toMatchObject({ no: 'skipped', later: 'skipped', o: 'skipped' });
    expect(outputs(delivered(state, flow, 'yes', {}), flow)).toEqual({});
  });

  it('skips a join one side of which is skipped', () => {
    const flow = flowOf(['s:start', 'i:if', 'join'], ['s>i', 's>join', 'i.true>join']);
    expect(outcome(after(flow, null, ['i.false']))).toBe('completed');
  });

  it('completes at once when nothing needs executing', () => {
    const flow = flowOf(['s:start', 'o:output'], ['s>o']);
    const state = startFlow(flow, [1, 2]);
    expect(outcome(state)).toBe('completed');
    expect(outputs(state, flow)).toEqual({ o: [1, 2] });
  });

  it('changes nothing when a block ends twice, and refuses an end before its time', () => {
    const flow = flowOf(['s:start', 'a', 'b'], ['s>a', 'a>b']);
    const once = after(flow, null, ['a', 1]);
    expect(delivered(once, flow, 'a', { value: 2 })).toBe(once);
    expect(failed(once, flow, 'a', { type: 'T', message: 'm' })).toBe(once);
    expect(() => delivered(startFlow(flow, null), flow, 'b', {})).toThrow(
      'block "b" ended before it was ready',
    );
    expect(() => begin(once, flow, 'a')).toThrow('block "a" is not ready');
    expect(() => delivered(once, flow, 'zzz', {})).toThrow('the flow has no block "zzz"');
  });

  it('treats ids that are names of object members like any other', () => {
    const flow = flowOf(['constructor', 'toString', 'o:output'], ['constructor>o', 'toString>o']);
    const state = after(flow, null, ['constructor', 1], ['toString', 2]);
    expect(outputs(state, flow)).toEqual({ o: { constructor: 1, toString: 2 } });
  });
});

describe('or', () => {
  const flow = flowOf(['s:start', 'a', 'b', 'or:or', 'o:output'], ['s>a', 's>b', 'a>or', 'b>or', 'or>o']);

  it('runs with the first delivery and ignores the later ones', () => {
    const first = after(flow, null, ['b', 'late']);
    expect(ready(first, flow)).toEqual(['a', 'or']);
    const both = delivered(first, flow, 'a', { value: 'later' });
    expect(inputsOf(both, flow, 'or')).toEqual({ b: 'late' });
    const end = delivered(both, flow, 'or', {});
    expect(outputs(end, flow)).toEqual({ o: 'late' });
    expect(outcome(end)).toBe('completed');
  });

  it('begins once, also when the others deliver while it runs', () => {
    const begun = begin(after(flow, null, ['b', 1]), flow, 'or');
    expect(ready(delivered(begun, flow, 'a', { value: 2 }), flow)).toEqual([]);
  });

  it('is skipped when all its incoming connections are', () => {
    const branches = flowOf(['i:if', 'a', 'b', 'or:or'], ['i.true>a', 'i.true>b', 'a>or', 'b>or']);
    expect(statuses(after(branches, null, ['i.false']), branches)).toEqual({
      i: 'done',
      a: 'skipped',
      b: 'skipped',
      or: 'skipped',
    });
  });
});

describe('a failure', () => {
  const failure = { type: 'HttpStatus', message: 'GET https://x answered 500' };

  it('fails the run where nothing is connected to error', () => {
    const flow = flowOf(['s:start', 'a', 'b', 'c'], ['s>a', 's>b', 'a>c']);
    const state = failed(startFlow(flow, null), flow, 'a', failure);
    expect(outcome(state)).toBe('failed');
    expect(state.failure).toEqual({ blockId: 'a', ...failure });
    expect(ready(state, flow)).toEqual([]);
    // What is under way may still end; the first failure stands.
    expect(failed(state, flow, 'b', { type: 'T', message: 'm' }).failure?.blockId).toBe('a');
  });

  it('is delivered on error where that is connected, and no other port is taken', () => {
    const flow = flowOf(['a', 'next', 'rescue', 'o:output'], ['a>next', 'a.error>rescue', 'rescue>o']);
    const state = failed(startFlow(flow, null), flow, 'a', failure);
    expect(inputsOf(state, flow, 'rescue')).toEqual({ a: { message: failure.message, type: failure.type } });
    const end = delivered(state, flow, 'rescue', {});
    expect(outcome(end)).toBe('completed');
    expect(statuses(end, flow)).toEqual({ a: 'failed', next: 'skipped', rescue: 'done', o: 'done' });
    expect(outputs(end, flow)).toEqual({ o: { message: failure.message, type: failure.type } });
  });

  it('keeps messages to a length', () => {
    const flow = flowOf(['a', 'rescue'], ['a.error>rescue']);
    const state = failed(startFlow(flow, null), flow, 'a', { type: 'T', message: kilobytes(100) });
    expect(state.bytes).toBeLessThan(3000);
  });
});

describe('a delay', () => {
  it('keeps its deadline while it runs', () => {
    const flow = flowOf(['s:start', 'd:delay'], ['s>d']);
    const state = begin(startFlow(flow, 7), flow, 'd', 1_800_000_000_000);
    const carried = JSON.parse(JSON.stringify(state)) as typeof state;
    expect(running(carried, flow)).toEqual(['d']);
    expect(deadlineOf(carried, flow, 'd')).toBe(1_800_000_000_000);
    const end = delivered(carried, flow, 'd', {});
    expect(deadlineOf(end, flow, 'd')).toBeNull();
    expect(outcome(end)).toBe('completed');
  });
});

describe('sizes', () => {
  it('hands a value on without a copy, along a thousand blocks', () => {
    const ids = Array.from({ length: 998 }, (_, place) => `b${place}`);
    const flow = flowOf(
      ['s:start', ...ids, 'o:output'],
      ['s>b0', ...ids.slice(1).map((id, place) => `b${place}>${id}`), 'b997>o'],
    );
    const input = { text: kilobytes(300) };
    const end = after(flow, input, ...ids.map((id) => [id] as const));
    expect(outcome(end)).toBe('completed');
    expect(outputs(end, flow)).toEqual({ o: input });
    expect(JSON.stringify(end).length).toBeLessThan(400 * 1024);
  });

  it('runs a thousand blocks side by side', () => {
    const ids = Array.from({ length: 997 }, (_, place) => `b${place}`);
    const flow = flowOf(
      ['s:start', ...ids, 'join', 'o:output'],
      [...ids.map((id) => `s>${id}`), ...ids.map((id) => `${id}>join`), 'join>o'],
    );
    const end = after(flow, 1, ...ids.map((id): [string, Json] => [id, 1]), ['join', 'all']);
    expect(outputs(end, flow)).toEqual({ o: 'all' });
  });

  it('fails a block by name whose value is too large', () => {
    const flow = flowOf(['a', 'b'], ['a>b']);
    const state = after(flow, null, ['a', kilobytes(513)]);
    expect(state.failure).toMatchObject({ blockId: 'a', type: 'ResultTooLarge' });
    expect(state.failure?.message).toContain('the most is 512 kB');
  });

  it('delivers that failure on error where it is connected', () => {
    const flow = flowOf(['a', 'b', 'rescue'], ['a>b', 'a.error>rescue']);
    expect(ready(after(flow, null, ['a', kilobytes(513)]), flow)).toEqual(['rescue']);
  });

  it('fails a run whose input is too large', () => {
    const flow = flowOf(['s:start', 'a'], ['s>a']);
    expect(startFlow(flow, kilobytes(513)).failure).toMatchObject({ blockId: 's', type: 'ResultTooLarge' });
  });

  it('drops what nobody needs, before it refuses for want of room', () => {
    const chain = flowOf(['a', 'b', 'c', 'd', 'o:output'], ['a>b', 'b>c', 'c>d', 'd>o']);
    const big = kilobytes(400);
    const end = after(chain, null, ['a', big], ['b', big], ['c', big], ['d', 'small']);
    expect(end.failure).toBeNull();
    expect(compact(end, chain).bytes).toBe('"small"'.length);
    expect(outputs(compact(end, chain), chain)).toEqual({ o: 'small' });
  });

  it('fails a block by name when all that is needed has no room', () => {
    const flow = flowOf(['a', 'b', 'c', 'join'], ['a>join', 'b>join', 'c>join']);
    const big = kilobytes(400);
    const state = after(flow, null, ['a', big], ['b', big], ['c', big]);
    expect(state.failure).toMatchObject({ blockId: 'c', type: 'StateTooLarge' });
    expect(state.bytes).toBeLessThanOrEqual(BOUNDS.stateBytes);
  });

  it('refuses input that doubles at every join, before it is built', () => {
    const layers = Array.from({ length: 40 }, (_, place) => place);
    const flow = flowOf(
      ['s:start', 'l:if', 'r:if', ...layers.flatMap((n) => [`l${n}:if`, `r${n}:if`])],
      [
        's>l',
        's>r',
        ...layers.flatMap((n) => {
          const [left, right] = n === 0 ? ['l', 'r'] : [`l${n - 1}`, `r${n - 1}`];
          return [`l${n}`, `r${n}`].flatMap((to) => [`${left}.true>${to}`, `${right}.true>${to}`]);
        }),
      ],
    );
    let state = startFlow(flow, 'seed');
    while (outcome(state) === 'running') {
      for (const id of ready(state, flow)) state = delivered(state, flow, id, { port: 'true' });
    }
    expect(state.failure?.type).toBe('InputTooLarge');
  });

  it('refuses outputs that together are no payload', () => {
    const flow = flowOf(['s:start', 'o1:output', 'o2:output', 'o3:output'], ['s>o1', 's>o2', 's>o3']);
    expect(startFlow(flow, kilobytes(400)).failure).toMatchObject({ blockId: 'o3', type: 'OutputsTooLarge' });
  });
});

describe('outputs', () => {
  it('go by their name where they have one', () => {
    const flow: Flow = {
      ...flowOf(['s:start', 'o:output'], ['s>o']),
      blocks: [
        { id: 's', type: 'start', config: {} },
        { id: 'o', type: 'output', config: { name: 'answer' } },
      ],
    };
    expect(outputs(startFlow(flow, 42), flow)).toEqual({ answer: 42 });
  });
});
