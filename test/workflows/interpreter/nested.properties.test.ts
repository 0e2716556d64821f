import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nestedIn } from '../../../src/contracts/blocks-nested';
import { type Flow } from '../../../src/contracts/flow';
import { type Json } from '../../../src/contracts/json';
import { outcome, outputs, ready } from '../../../src/workflows/interpreter';
import { anyNestedFlow, Decisions } from './nested-flows';
import { expected, FAILURE_VALUE } from './nested-reference';
import { runNested } from './nested-run';

const INPUT: Json = [1, 'two', { three: 3 }];

/** A failure's message says which block it was, which may be one or another. */
function withoutMessages(value: Json): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutMessages);
  if (value['type'] === 'Test' && typeof value['message'] === 'string') return FAILURE_VALUE;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withoutMessages(member)]));
}

const anyRun = (failing: number) =>
  fc.record({
    flow: anyNestedFlow(),
    decisions: fc.nat().map((seed) => new Decisions(seed, failing)),
    choices: fc.infiniteStream(fc.nat()),
  });

const chooser =
  (choices: Iterator<number>) =>
  (below: number): number =>
    Number(choices.next().value) % below;

describe('nested flows, run in random orders', () => {
  it('run every block of every iteration once, with what the rules say it gets', () => {
    fc.assert(
      fc.property(anyRun(0), ({ flow, decisions, choices }) => {
        const { state, executed, times } = runNested(flow, INPUT, decisions, chooser(choices));
        const rules = expected(flow, INPUT, decisions);
        expect(outcome(state)).toBe('completed');
        expect(new Map([...executed].sort())).toEqual(new Map([...rules.executed].sort()));
        expect(times).toBe(executed.size);
        expect(outputs(state, flow)).toEqual(rules.outputs);
      }),
      { numRuns: 300 },
    );
  });

  it('fail as the rules say, with the key of a block that did, or hand the failure to who catches it', () => {
    let failures = 0;
    let caught = 0;
    fc.assert(
      fc.property(anyRun(6), ({ flow, decisions, choices }) => {
        const { state, executed, times } = runNested(flow, INPUT, decisions, chooser(choices));
        const rules = expected(flow, INPUT, decisions);
        expect(times).toBe(executed.size);
        for (const [key, inputs] of executed) {
          expect(withoutMessages(inputs)).toEqual(rules.executed.get(key));
        }
        if (rules.uncaught.size > 0) {
          failures += 1;
          expect(rules.uncaught).toContain(state.failure?.blockId);
          expect(ready(state, flow)).toEqual([]);
          return;
        }
        caught += rules.broken.size;
        expect(outcome(state)).toBe('completed');
        expect(withoutMessages(outputs(state, flow))).toEqual(rules.outputs);
        const within = (key: string): boolean =>
          [...rules.broken].some((loop) => key.startsWith(`${loop}[`) || key.startsWith(`${loop}/`));
        for (const key of rules.executed.keys()) if (!within(key)) expect(executed.has(key)).toBe(true);
      }),
      { numRuns: 400 },
    );
    expect(failures).toBeGreaterThan(0);
    expect(caught).toBeGreaterThan(0);
  });

  it('have no more iterations of a loop under way than it may', () => {
    fc.assert(
      fc.property(anyRun(0), ({ flow, decisions, choices }) => {
        const { together } = runNested(flow, INPUT, decisions, chooser(choices));
        for (const [loop, most] of together) expect(most).toBeLessThanOrEqual(concurrencyAt(flow, loop));
      }),
      { numRuns: 200 },
    );
  });

  it('go the same way for the same choices', () => {
    fc.assert(
      fc.property(anyNestedFlow(), fc.nat(), fc.array(fc.nat(), { minLength: 1 }), (flow, seed, list) => {
        const again = (of: Flow) => {
          let step = 0;
          const choose = (below: number): number => (list[step++ % list.length] ?? 0) % below;
          return runNested(of, INPUT, new Decisions(seed, 6), choose);
        };
        expect(again(JSON.parse(JSON.stringify(flow)) as Flow)).toEqual(again(flow));
      }),
      { numRuns: 100 },
    );
  });

  it('hold nothing of what is over', () => {
    fc.assert(
      fc.property(anyRun(6), ({ flow, decisions, choices }) => {
        const { state } = runNested(flow, INPUT, decisions, chooser(choices));
        if (state.failure !== null) return;
        const held = state.deliveries.reduce(
          (sum, delivery) =>
            sum + (delivery?.kind === 'value' ? Buffer.byteLength(JSON.stringify(delivery.value)) : 0),
          0,
        );
        expect(state.loops).toEqual([]);
        expect(state.bytes).toBe(held);
      }),
      { numRuns: 200 },
    );
  });
});

/** What the block at a key, its indexes left out of account, says of its concurrency. */
function concurrencyAt(flow: Flow, key: string): number {
  const ids = key.split('/').map((segment) => segment.replace(/\[\d+\]$/, ''));
  let inside: Flow | null = flow;
  let concurrency: Json | undefined;
  for (const id of ids) {
    const block = inside?.blocks.find((each) => each.id === id);
    if (block === undefined) throw new Error(key);
    concurrency = block.config['concurrency'];
    inside = nestedIn(block);
  }
  return typeof concurrency === 'number' ? concurrency : 1;
}
