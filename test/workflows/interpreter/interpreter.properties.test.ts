import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Flow } from '../../../src/contracts/flow';
import { type Json } from '../../../src/contracts/json';
import {
  begin,
  compact,
  delivered,
  failed,
  inputFrom,
  inputsOf,
  outcome,
  outputs,
  ready,
  running,
  startFlow,
  statuses,
  type FlowState,
} from '../../../src/workflows/interpreter';
import { validateFlow } from '../../../src/contracts/validate-flow';
import { anyFlow, PORTS } from './flows';
import { reference, type Decisions } from './reference';

const INPUT: Json = { from: 'the run' };

interface Choice {
  /** Which of the blocks that could do something does. */
  readonly who: number;
  readonly port: number;
  /** Its own value, or its input handed on. */
  readonly own: boolean;
  /** What happens to the state in between. */
  readonly between: 'nothing' | 'compact' | 'json';
}

const anyChoice: fc.Arbitrary<Choice> = fc.record({
  who: fc.nat(),
  port: fc.nat({ max: 11 }),
  own: fc.boolean(),
  between: fc.constantFrom('nothing', 'compact', 'json'),
});

interface Run {
  readonly state: FlowState;
  /** In the order in which they began, with what each got. */
  readonly begun: readonly { readonly id: string; readonly inputs: Record<string, Json> }[];
  readonly decisions: Decisions;
  readonly values: ReadonlyMap<string, Json>;
}

/** Runs a flow to its end, choosing at each step which block begins or ends and how. */
function run(flow: Flow, choices: readonly Choice[]): Run {
  let state = startFlow(flow, INPUT);
  const begun: { id: string; inputs: Record<string, Json> }[] = [];
  const decisions = new Map<string, string>();
  const values = new Map<string, Json>();
  const most = 2 * flow.blocks.length;
  let step = 0;
  for (; outcome(state) === 'running'; step += 1) {
    if (step > most) throw new Error(`still running after ${most} steps`);
    const waiting = ready(state, flow);
    const open = running(state, flow);
    const choice = choices[step % choices.length] ?? { who: 0, port: 0, own: true, between: 'nothing' };
    const place = choice.who % (waiting.length + open.length);
    const beginning = waiting[place];
    const ending = open[place - waiting.length];
    if (beginning !== undefined) {
      begun.push({ id: beginning, inputs: inputsOf(state, flow, beginning) });
      state = begin(state, flow, beginning);
    } else if (ending !== undefined) {
      const ports = PORTS[flow.blocks.find(({ id }) => id === ending)?.type ?? ''] ?? [];
      const port = ports[choice.port % ports.length] ?? 'out';
      const value = choice.own ? { of: ending } : inputFrom(inputsOf(state, flow, ending));
      decisions.set(ending, port);
      values.set(ending, port === 'error' ? { message: 'no', type: 'Test' } : value);
      state =
        port === 'error'
          ? failed(state, flow, ending, { type: 'Test', message: 'no' })
          : delivered(state, flow, ending, choice.own ? { port, value } : { port });
    }
    if (choice.between === 'compact') state = compact(state, flow);
    if (choice.between === 'json') state = JSON.parse(JSON.stringify(state)) as FlowState;
  }
  return { state, begun, decisions, values };
}

const anyRun = fc
  .tuple(anyFlow(), fc.array(anyChoice, { minLength: 1, maxLength: 40 }))
  .map(([flow, choices]) => ({ flow, choices }));

describe('the interpreter, over random flows run in random orders', () => {
  it('ends every block as the rules say, or fails the run', () => {
    fc.assert(
      fc.property(anyRun, ({ flow, choices }) => {
        const { state, decisions } = run(flow, choices);
        const expected = reference(flow, decisions);
        if (state.failure === null) {
          expect(new Map(Object.entries(statuses(state, flow)))).toEqual(expected);
        } else {
          // Blocks that had not run yet count as delivering on `out` in the reference: the failure is in it already.
          expect(expected).toBeNull();
          expect(statuses(state, flow)[state.failure.blockId]).toBe('failed');
          expect(ready(state, flow)).toEqual([]);
        }
      }),
      { numRuns: 600 },
    );
  });

  it('begins a block once, after what it waits for, with what that delivered', () => {
    fc.assert(
      fc.property(anyRun, ({ flow, choices }) => {
        const { begun, decisions, values } = run(flow, choices);
        const seen = new Map<string, Json>();
        for (const { id, type } of flow.blocks) if (type === 'start') seen.set(id, INPUT);
        for (const [id, value] of values) seen.set(id, value);
        expect(new Set(begun.map(({ id }) => id)).size).toBe(begun.length);
        for (const { id, inputs } of begun) {
          const incoming = flow.connections.filter(({ to }) => to === id);
          const isOr = flow.blocks.find((block) => block.id === id)?.type === 'or';
          const senders = Object.keys(inputs);
          if (isOr) expect(senders.length).toBe(Math.min(incoming.length, 1));
          else expect(new Set(senders)).toEqual(new Set(incoming.map(({ from }) => from)));
          for (const sender of senders) {
            expect(inputs[sender]).toEqual(seen.get(sender));
            const port = incoming.filter(({ from }) => from === sender).map((edge) => edge.port ?? 'out');
            expect(port).toContain(decisions.get(sender) ?? 'out');
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('gives the outputs what reached them', () => {
    fc.assert(
      fc.property(anyRun, ({ flow, choices }) => {
        const { state, values } = run(flow, choices);
        const all = outputs(state, flow);
        for (const { id, type } of flow.blocks) {
          if (type !== 'output') continue;
          const incoming = flow.connections.filter(({ to }) => to === id);
          if (statuses(state, flow)[id] !== 'done') expect(all).not.toHaveProperty(id);
          else {
            const each = incoming.map(
              ({ from }) => [from, values.has(from) ? (values.get(from) ?? null) : INPUT] as const,
            );
            expect(all[id]).toEqual(inputFrom(Object.fromEntries(each)));
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('goes the same way for the same choices', () => {
    fc.assert(
      fc.property(anyRun, ({ flow, choices }) => {
        const copy = JSON.parse(JSON.stringify(flow)) as Flow;
        expect(run(copy, choices)).toEqual(run(flow, choices));
      }),
      { numRuns: 300 },
    );
  });

  it('counts the bytes it holds', () => {
    fc.assert(
      fc.property(anyRun, ({ flow, choices }) => {
        const { state } = run(flow, choices);
        const held = state.deliveries.reduce(
          (sum, delivery) =>
            sum + (delivery?.kind === 'value' ? Buffer.byteLength(JSON.stringify(delivery.value)) : 0),
          0,
        );
        expect(state.bytes).toBe(held);
      }),
      { numRuns: 200 },
    );
  });

  it('never runs a block that validation says can never run', () => {
    let flagged = 0;
    fc.assert(
      fc.property(anyRun, ({ flow, choices }) => {
        const answer = validateFlow(flow);
        if (answer.ok) return;
        const never = answer.faults.flatMap(({ message }) => {
          const id = /^block "(\w+)" can never run/.exec(message)?.[1];
          return id === undefined ? [] : [id];
        });
        flagged += never.length;
        const { begun, state } = run(flow, choices);
        for (const id of never) {
          expect(begun.map((item) => item.id)).not.toContain(id);
          expect(['skipped', 'pending']).toContain(statuses(state, flow)[id]);
        }
      }),
      { numRuns: 300 },
    );
    expect(flagged).toBeGreaterThan(0);
  });
});
