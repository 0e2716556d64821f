import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { blockCatalog } from '../../src/contracts/blocks';
import { type FlowInput } from '../../src/contracts/flow';
import { validateFlow } from '../../src/contracts/validate-flow';
import { flowHash } from '../../src/contracts/validate-flow-hash';
import { faultsOf, faultsOfBlock } from './faults';

const twoBranches: FlowInput = {
  name: 'branches',
  blocks: [
    { id: 's', type: 'start' },
    { id: 'check', type: 'if', config: { condition: 'input > 1' } },
    { id: 'yes', type: 'evaluate', config: { expression: 'input' } },
    { id: 'no', type: 'evaluate', config: { expression: 'input' } },
    { id: 'either', type: 'or' },
    { id: 'o', type: 'output' },
  ],
  connections: [
    { from: 's', to: 'check' },
    { from: 'check', port: 'true', to: 'yes' },
    { from: 'check', port: 'false', to: 'no' },
    { from: 'yes', to: 'either' },
    { from: 'no', to: 'either' },
    { from: 'either', to: 'o' },
  ],
};

const examples = join(__dirname, '../../examples');

describe('flows that are well', () => {
  it.each(readdirSync(examples).filter((file) => file.endsWith('.json')))('example %s', (file) => {
    expect(faultsOf(JSON.parse(readFileSync(join(examples, file), 'utf8')))).toEqual([]);
  });

  it('come back with what was left out', () => {
    expect(validateFlow({ name: 'n', blocks: [{ id: 'a', type: 'start' }] })).toEqual({
      ok: true,
      flow: { name: 'n', blocks: [{ id: 'a', type: 'start', config: {} }], connections: [] },
    });
  });

  it('may join branches with an or', () => {
    expect(faultsOf(twoBranches)).toEqual([]);
  });

  it.each([
    ['a URL from the input', { url: '{{ input.baseUrl }}/x' }],
    ['a URL with a template inside', { url: 'https://{{ input.host }}/x' }],
    [
      'objects inside a template',
      { url: 'https://x', method: 'POST', body: { json: '{{ {"a":{"b":input}} }}' } },
    ],
    ['closing braces inside a text', { url: 'https://x/{{ "}}" & input }}' }],
    ['a secret', { url: 'https://x', headers: { authorization: 'Bearer {{secret:API_KEY}}' } }],
    ['spaces around a secret', { url: 'https://x', headers: { authorization: '{{ secret:API_KEY }}' } }],
    [
      'every setting',
      {
        url: 'http://x',
        method: 'PUT',
        query: { a: 1, b: true, c: '{{ input }}' },
        body: { text: 'hi' },
        timeoutSeconds: 0.5,
        redirects: 0,
        maxResponseBytes: 10,
        failOn: ['4xx', 500],
        attempts: 1,
      },
    ],
  ])('http-request with %s', (_, config) => {
    expect(faultsOfBlock('http-request', config)).toEqual([]);
  });
});

describe('one thing wrong in a flow', () => {
  const block = (id: string, type = 'evaluate'): unknown =>
    type === 'evaluate' ? { id, type, config: { expression: 'input' } } : { id, type };

  it.each<[string, unknown, string, string]>([
    ['nothing', undefined, 'flow', 'undefined'],
    ['null', null, 'flow', 'flow: is null; it must be an object'],
    ['a list', [], 'flow', 'it must be an object'],
    ['no name', { blocks: [block('a')] }, 'name', 'flow: name is missing'],
    ['no blocks', { name: 'n', blocks: [] }, 'blocks', 'at least 1'],
    ['blocks that are no list', { name: 'n', blocks: {} }, 'blocks', 'it must be a list'],
    [
      'a block that is no object',
      { name: 'n', blocks: [block('a'), 7] },
      'blocks[1]',
      'it must be an object',
    ],
    [
      'a block without a type',
      { name: 'n', blocks: [{ id: 'a' }] },
      'blocks[0].type',
      'block "a": type is missing',
    ],
    [
      'a block id with a slash',
      { name: 'n', blocks: [block('a/b')] },
      'blocks[0].id',
      'block "a/b": id is "a/b"; it must be 1 to 64 letters',
    ],
    [
      'a member that means nothing',
      { name: 'n', blocks: [block('a')], conections: [] },
      'conections',
      'did you mean "connections"?',
    ],
    [
      'an id twice',
      { name: 'n', blocks: [block('a'), block('a')] },
      'blocks[1].id',
      'block "a" has the id of blocks[0]',
    ],
    [
      'two starts',
      { name: 'n', blocks: [block('a', 'start'), block('b', 'start')] },
      'blocks[1]',
      'block "b" is a second "start" beside "a"',
    ],
    [
      'an output of nothing',
      { name: 'n', blocks: [block('a', 'output')] },
      'blocks[0]',
      'nothing is connected to it',
    ],
    [
      'a connection to nowhere',
      { name: 'n', blocks: [block('fetch')], connections: [{ from: 'fetch', to: 'fecth' }] },
      'connections[0].to',
      'there is no block "fecth"; did you mean "fetch"?',
    ],
    [
      'a connection from nowhere',
      { name: 'n', blocks: [block('a')], connections: [{ from: 'zz', to: 'a' }] },
      'connections[0].from',
      'there is no block "zz"',
    ],
    [
      'a connection without an end',
      { name: 'n', blocks: [block('a')], connections: [{ from: 'a' }] },
      'connections[0].to',
      'is missing',
    ],
    [
      'a connection into a start',
      { name: 'n', blocks: [block('a'), block('s', 'start')], connections: [{ from: 'a', to: 's' }] },
      'connections[0].to',
      "takes nothing but the run's input",
    ],
    [
      'a port there is not',
      { name: 'n', blocks: [block('a'), block('b')], connections: [{ from: 'a', port: 'eror', to: 'b' }] },
      'connections[0].port',
      'uses port "eror"; "evaluate" blocks deliver on "out", "error"; did you mean "error"?',
    ],
    [
      'a port of an output',
      {
        name: 'n',
        blocks: [block('a'), block('o', 'output'), block('b')],
        connections: [
          { from: 'a', to: 'o' },
          { from: 'o', to: 'b' },
        ],
      },
      'connections[1]',
      'an "output" block delivers nothing',
    ],
    [
      'a connection twice, once with its port spelled out',
      {
        name: 'n',
        blocks: [block('a'), block('b')],
        connections: [
          { from: 'a', to: 'b' },
          { from: 'a', port: 'out', to: 'b' },
        ],
      },
      'connections[1]',
      'is there already, as connections[0]',
    ],
    [
      'a block that waits for itself',
      { name: 'n', blocks: [block('a')], connections: [{ from: 'a', to: 'a' }] },
      'connections[0]',
      'closes a circle: "a" -> "a"',
    ],
    [
      'a circle',
      {
        name: 'n',
        blocks: ['a', 'b', 'c', 'd'].map((id) => block(id)),
        connections: [
          { from: 'd', to: 'a' },
          { from: 'a', to: 'b' },
          { from: 'b', to: 'c' },
          { from: 'c', to: 'a' },
        ],
      },
      'connections[3]',
      'closes a circle: "a" -> "b" -> "c" -> "a"',
    ],
    [
      'a flow that is too large',
      { name: 'n', blocks: [{ id: 'a', type: 'evaluate', config: { expression: 'x'.repeat(600_000) } }] },
      'flow',
      'the most is 512 kB',
    ],
    [
      'a date',
      { name: 'n', blocks: [{ id: 'a', type: 'start', config: { at: new Date(0) } }] },
      'blocks[0].config.at',
      'is an object of a class',
    ],
    [
      'a function',
      { name: 'n', blocks: [{ id: 'a', type: 'start', config: { do: () => 1 } }] },
      'blocks[0].config.do',
      'is of type function',
    ],
    [
      'not a number',
      { name: 'n', blocks: [{ id: 'a', type: 'delay', config: { seconds: Number.NaN } }] },
      'blocks[0].config.seconds',
      'is NaN',
    ],
    [
      'a name that is a trap',
      JSON.parse('{"name":"n","blocks":[{"id":"a","type":"start","config":{"__proto__":1}}]}'),
      'blocks[0].config.__proto__',
      'is a name no member may have',
    ],
  ])('%s', (_, input, path, message) => {
    expect(faultsOf(input)).toEqual([{ path, message: expect.stringContaining(message) }]);
  });

  it('schemas that would take too long to compile', () => {
    const properties = Object.fromEntries(
      Array.from({ length: 9000 }, (_, n) => [`p${n}`, { minLength: n }]),
    );
    expect(faultsOfBlock('validate', { schema: { properties } })).toEqual([
      { path: 'blocks', message: expect.stringContaining('the most is 128 kB') },
    ]);
  });

  it('a join of two branches without an or', () => {
    const joined = {
      ...twoBranches,
      blocks: twoBranches.blocks.map((item) =>
        item.id === 'either' ? { id: 'either', type: 'evaluate', config: { expression: '1' } } : item,
      ),
    };
    expect(faultsOf(joined)).toEqual([
      {
        path: 'blocks[4]',
        message:
          'block "either" can never run: it waits for port "true" and for port "false" of "check", which delivers on one of them; join the branches with an "or" block',
      },
    ]);
  });
});

describe('many things wrong', () => {
  it('are all reported, and nothing that only follows from them', () => {
    const faults = faultsOf({
      name: '',
      blocks: [
        { id: 's', type: 'start' },
        { id: 'fetch', type: 'htp-request', config: {} },
        { type: 'or' },
        { id: 'c', type: 'condition', config: { cases: 3 } },
        { id: 'v', type: 'validate', config: { schema: { tpye: 1 }, value: ')' } },
      ],
      connections: [
        { from: 's', to: 'fetch' },
        // Of a faulty condition, or an unknown type, nobody knows the ports.
        { from: 'c', port: 'whatever', to: 'v' },
        { from: 'fetch', port: 'whatever', to: 'v' },
        { from: 'v', to: 's' },
        { from: 's', to: 'gone' },
      ],
    });
    expect(new Set(faults.map(({ path }) => path))).toEqual(
      new Set([
        'name',
        'blocks[2].id',
        'blocks[1].type',
        'blocks[3].config.cases',
        'blocks[4].config.schema',
        'blocks[4].config.value',
        'connections[3]',
        'connections[3].to',
        'connections[4].to',
      ]),
    );
  });

  it('of a thousand blocks in a circle are one fault', () => {
    const ids = Array.from({ length: 1000 }, (_, place) => `b${place}`);
    const faults = faultsOf({
      name: 'n',
      blocks: ids.map((id) => ({ id, type: 'evaluate', config: { expression: 'input' } })),
      connections: ids.map((from, place) => ({ from, to: ids[(place + 1) % ids.length] })),
    });
    expect(faults).toHaveLength(1);
    expect(faults[0]?.message).toContain(' -> … -> ');
  });
});

describe('types a platform brings', () => {
  const blocks = blockCatalog({
    'send-fax': {
      config: z.strictObject({ to: z.string() }),
      ports: () => ['sent', 'busy'],
      fails: true,
      templates: true,
    },
  });
  const flow = (config: unknown, port: string): unknown => ({
    name: 'n',
    blocks: [
      { id: 'fax', type: 'send-fax', config },
      { id: 'o', type: 'output' },
    ],
    connections: [{ from: 'fax', port, to: 'o' }],
  });

  it('are held to their own config and ports', () => {
    expect(validateFlow(flow({ to: '{{ input.to }}' }, 'busy'), { blocks }).ok).toBe(true);
    expect(validateFlow(flow({ to: '{{ ' }, 'gone'), { blocks })).toEqual({
      ok: false,
      faults: [
        { path: 'blocks[0].config.to', message: expect.stringContaining('never closes it') },
        {
          path: 'connections[0].port',
          message: expect.stringContaining('deliver on "sent", "busy", "error"'),
        },
      ],
    });
  });

  it('cannot have a name of ours', () => {
    const spec = { config: z.strictObject({}), ports: () => [], fails: false, templates: false };
    expect(() => blockCatalog({ if: spec })).toThrow('block type "if" is one of ours');
    expect(() => blockCatalog({ 'ai-agent': spec })).toThrow('block type "ai-agent" is one of ours');
  });
});

describe('flowHash', () => {
  const hashOf = (input: unknown): string => {
    const answer = validateFlow(input);
    if (!answer.ok) throw new Error(JSON.stringify(answer.faults));
    return flowHash(answer.flow);
  };

  it('is the same for the same content, whatever the order of members or what is left out', () => {
    const spelled = {
      connections: [{ to: 'b', port: 'out', from: 'a' }],
      name: 'n',
      blocks: [
        { config: {}, type: 'start', id: 'a' },
        { id: 'b', type: 'output', config: {} },
      ],
    };
    const short = {
      name: 'n',
      blocks: [
        { id: 'a', type: 'start' },
        { id: 'b', type: 'output' },
      ],
      connections: [{ from: 'a', to: 'b' }],
    };
    expect(hashOf(spelled)).toBe(hashOf(short));
    expect(hashOf(short)).toBe('0f4b7bf410e5b8e0b925dbbe51640dbb8f0792965c693227a82b3658ea0fb93d');
  });

  it('is another for another name, config or order', () => {
    const base = (name: string, expression: string, ids: readonly string[]): unknown => ({
      name,
      blocks: ids.map((id) => ({ id, type: 'evaluate', config: { expression } })),
    });
    const all = [
      base('n', '1', ['a', 'b']),
      base('m', '1', ['a', 'b']),
      base('n', '2', ['a', 'b']),
      base('n', '1', ['b', 'a']),
    ].map(hashOf);
    expect(new Set(all).size).toBe(4);
  });
});
