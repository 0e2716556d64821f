import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Flow } from '../../src/contracts/flow';
import { validateFlow } from '../../src/contracts/validate-flow';
import { flowHash } from '../../src/contracts/validate-flow-hash';
import { anyNestedFlow } from '../workflows/interpreter/nested-flows';
import { faultsOf, faultsOfBlock } from './faults';

const ONE = { blocks: [{ id: 'h', type: 'evaluate', config: { expression: '1' } }] };

describe('one thing wrong in a loop', () => {
  it.each<[string, string, Record<string, unknown>, string, string]>([
    ['no body', 'for', {}, 'blocks[1].config.body', 'block "x": body is missing'],
    ['a body that is none', 'for', { body: 3 }, 'blocks[1].config.body', 'block "x": body is 3'],
    [
      'a body without blocks',
      'repeat',
      { times: 1, body: { blocks: [] } },
      'blocks[1].config.body.blocks',
      'block "x", body: flow: blocks has 0 members; it must have at least 1',
    ],
    [
      'items that are no JSONata',
      'for',
      { items: 'input ~> (', body: ONE },
      'blocks[1].config.items',
      'is not JSONata',
    ],
    ['items that are a number', 'for', { items: 3, body: ONE }, 'blocks[1].config.items', 'items is 3'],
    ['times below 0', 'repeat', { times: -1, body: ONE }, 'blocks[1].config.times', 'times is -1'],
    [
      'times and while',
      'repeat',
      { times: 1, while: 'true', body: ONE },
      'blocks[1].config',
      'must have either "times" or "while"',
    ],
    ['neither', 'repeat', { body: ONE }, 'blocks[1].config', 'must have either "times" or "while"'],
    [
      'a condition with several at a time',
      'repeat',
      { while: 'true', concurrency: 2, body: ONE },
      'blocks[1].config.concurrency',
      'goes with "times" only',
    ],
    [
      'a most beside a number',
      'repeat',
      { times: 3, most: 5, body: ONE },
      'blocks[1].config.most',
      'is said by "times" already',
    ],
    [
      'too many at a time',
      'for',
      { concurrency: 101, body: ONE },
      'blocks[1].config.concurrency',
      'it must be at most 100',
    ],
    [
      'a fault in a block of the body',
      'for',
      { body: { blocks: [{ id: 'h', type: 'http-request', config: { url: 'ftp://x' } }] } },
      'blocks[1].config.body.blocks[0].config.url',
      'block "x", body: block "h": url is "ftp://x"',
    ],
    [
      'a fault two loops deep',
      'for',
      {
        body: {
          blocks: [{ id: 'y', type: 'repeat', config: { times: 1, body: { blocks: [{ id: 'z' }] } } }],
        },
      },
      'blocks[1].config.body.blocks[0].config.body.blocks[0].type',
      'block "x", body: block "y", body: block "z": type is missing',
    ],
    [
      'a circle in the body',
      'for',
      { body: { ...ONE, connections: [{ from: 'h', to: 'h' }] } },
      'blocks[1].config.body.connections[0]',
      'closes a circle',
    ],
    [
      'a connection to outside',
      'for',
      { body: { ...ONE, connections: [{ from: 's', to: 'h' }] } },
      'blocks[1].config.body.connections[0].from',
      'there is no block "s"',
    ],
    [
      'a call of nothing',
      'flow',
      { flow: { ref: 'enrich' } },
      'blocks[1].config.flow.ref',
      'flow.ref is "enrich", no flow that the run brings; the run brings no flows',
    ],
    [
      'a call by name and by value',
      'flow',
      { flow: { ref: 'enrich', blocks: [] } },
      'blocks[1].config.flow.blocks',
      'give a flow, or the name of one',
    ],
  ])('%s', (_, type, config, path, message) => {
    expect(faultsOfBlock(type, config)).toEqual([{ path, message: expect.stringContaining(message) }]);
  });

  it('a collect to which nothing is connected', () => {
    expect(faultsOf({ name: 'n', blocks: [{ id: 'c', type: 'collect' }] })).toEqual([
      { path: 'blocks[0]', message: expect.stringContaining('a "collect" block only hands on') },
    ]);
  });
});

const calling = (id: string, ref: string): unknown => ({ id, type: 'flow', config: { flow: { ref } } });
const flow = (name: string, ...blocks: readonly unknown[]): unknown => ({ name, blocks });
const faultsWith = (root: unknown, flows: unknown) => {
  const answer = validateFlow(root, { flows });
  return answer.ok ? [] : answer.faults;
};

describe('called flows', () => {
  const well = { name: 'well', blocks: [{ id: 'h', type: 'evaluate', config: { expression: '1' } }] };

  it('come back with the flow, with their defaults', () => {
    const answer = validateFlow(flow('root', calling('a', 'well')), { flows: { well } });
    expect(answer).toMatchObject({ ok: true, flows: { well: { name: 'well', connections: [] } } });
  });

  it('are checked under their names, called or not', () => {
    const bad = flow('bad', { id: 'h', type: 'evaluate', config: { expression: '(' } });
    expect(faultsWith(flow('root', calling('a', 'well')), { well, bad })).toEqual([
      {
        path: 'flows.bad.blocks[0].config.expression',
        message: expect.stringContaining('flow "bad": block "h": expression "(" is not JSONata'),
      },
    ]);
    expect(faultsWith(well, 3)).toEqual([
      { path: 'flows', message: 'flow: flows is 3; it must be an object, flows by their names' },
    ]);
    expect(faultsWith(well, { 'no name': well })).toMatchObject([{ path: 'flows["no name"]' }]);
  });

  it('suggest the name that was meant', () => {
    expect(faultsWith(flow('root', calling('a', 'wel')), { well })).toEqual([
      {
        path: 'blocks[0].config.flow.ref',
        message: 'block "a": flow.ref is "wel", no flow that the run brings; did you mean "well"?',
      },
    ]);
  });

  it('may not call themselves, on whatever way', () => {
    const flows = {
      a: flow('a', calling('x', 'b')),
      b: flow('b', {
        id: 'l',
        type: 'for',
        config: { body: { blocks: [calling('y', 'c')] } },
      }),
      c: flow('c', calling('z', 'a')),
    };
    expect(faultsWith(flow('root', calling('r', 'b')), flows)).toEqual([
      {
        path: 'flows.c.blocks[0].config.flow.ref',
        message: expect.stringContaining('flow "a" calls itself: "a" -> "b" -> "c" -> "a"; a flow may not'),
      },
    ]);
  });

  it('may lie eight deep in each other, and no deeper', () => {
    const chain = (length: number): Record<string, unknown> =>
      Object.fromEntries(
        Array.from({ length }, (_, n) => [
          `f${n}`,
          n === length - 1 ? well : flow(`f${n}`, calling('c', `f${n + 1}`)),
        ]),
      );
    const root = flow('root', calling('c', 'f0'));
    expect(faultsWith(root, chain(8))).toEqual([]);
    expect(faultsWith(root, chain(9))).toEqual([
      { path: 'blocks', message: expect.stringContaining('lie 9 deep in each other; the most is 8') },
    ]);
  });

  it('count for the size of the flow that calls them', () => {
    const large = flow('l', { id: 'h', type: 'evaluate', config: { expression: `"${'x'.repeat(16_000)}"` } });
    const flows = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`f${n}`, large]));
    expect(faultsWith(well, flows)).toEqual([
      { path: 'flow', message: expect.stringContaining('with the flows it calls; the most is 512 kB') },
    ]);
  });

  it('are part of what is pinned', () => {
    const of = (expression: string): string => {
      const called = flow('c', { id: 'h', type: 'evaluate', config: { expression } });
      const answer = validateFlow(flow('root', calling('a', 'c')), { flows: { c: called } });
      if (!answer.ok) throw new Error(JSON.stringify(answer.faults));
      return flowHash(answer.flow, answer.flows);
    };
    expect(of('1')).toBe(of('1'));
    expect(of('1')).not.toBe(of('2'));
  });
});

/** The path of every block in a flow, those of its bodies included. */
function* blockPaths(inside: unknown, path = ''): Generator<string> {
  const { blocks } = inside as Flow;
  for (const [place, { config }] of blocks.entries()) {
    const here = `${path}blocks[${place}]`;
    yield here;
    for (const member of ['body', 'flow']) {
      if (config[member] !== undefined) yield* blockPaths(config[member], `${here}.config.${member}.`);
    }
  }
}

describe('validateFlow', () => {
  it('names the path of a block of an unknown type, however deep it lies', () => {
    fc.assert(
      fc.property(anyNestedFlow(3), fc.nat(), (whole, pick) => {
        const broken = JSON.parse(JSON.stringify(whole)) as Flow;
        const paths = [...blockPaths(broken)];
        const path = paths[pick % paths.length] ?? '';
        const block = path
          .split(/[.[\]]+/)
          .filter((key) => key !== '')
          .reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], broken) as { type: string };
        block.type = 'telport';
        expect(faultsOf(broken)).toContainEqual({
          path: `${path}.type`,
          message: expect.stringContaining('has type "telport"'),
        });
      }),
      { numRuns: 200 },
    );
  });

  it('never throws, whatever lies where a flow should be', () => {
    const anything = fc.anything({ maxDepth: 4, withBigInt: true, withDate: true, withNullPrototype: true });
    const nested: fc.Arbitrary<unknown> = fc.letrec<{ flow: unknown; block: unknown }>((tie) => ({
      flow: fc.oneof(
        { maxDepth: 6 },
        anything,
        fc.record({ ref: fc.oneof(fc.constantFrom('a', 'b', '__proto__'), anything) }),
        fc.record(
          { blocks: fc.array(tie('block'), { maxLength: 3 }), connections: anything },
          { requiredKeys: [] },
        ),
      ),
      block: fc.record({
        id: fc.constantFrom('a', 'b', 'constructor'),
        type: fc.constantFrom('for', 'repeat', 'flow', 'collect', 'toString'),
        config: fc.oneof(
          anything,
          fc.record(
            { items: anything, times: anything, while: anything, body: tie('flow'), flow: tie('flow') },
            { requiredKeys: [] },
          ),
        ),
      }),
    })).flow;
    const named = fc.oneof(anything, fc.dictionary(fc.constantFrom('a', 'b', 'c d', '__proto__'), nested));
    fc.assert(
      fc.property(nested, named, (root, flows) => {
        const answer = validateFlow(root, { flows });
        if (answer.ok) return;
        expect(answer.faults.length).toBeGreaterThan(0);
        for (const { path, message } of answer.faults) {
          expect(path).not.toBe('');
          expect(message).toMatch(/^(flow|block|connection)\b/);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
