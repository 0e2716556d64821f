import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { renderLetter } from '../../examples/own-block/render-letter';
import { BLOCKS } from '../../src/contracts/blocks';
import { flowJsonSchema } from '../../src/contracts/flow-json-schema';
import { TYPE_TEXTS } from '../../src/contracts/flow-json-schema-texts';
import { type Json } from '../../src/contracts/json';
import { catalogWith } from '../../src/contracts/own-blocks';
import { validateFlow } from '../../src/contracts/validate-flow';

const catalog = catalogWith([renderLetter]);

function checkerOf(schema: ReturnType<typeof flowJsonSchema>): (flow: unknown) => boolean {
  // Strict: a keyword that ajv does not know would be one that no editor knows.
  const ajv = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false });
  addFormats(ajv);
  const check = ajv.compile(schema);
  return (flow) => check(flow);
}

const fits = checkerOf(flowJsonSchema());
const fitsWithOwn = checkerOf(flowJsonSchema(catalog));

const folder = join(__dirname, '../../examples');
const examples = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name): [string, unknown] => [name, JSON.parse(readFileSync(join(folder, name), 'utf8'))]);

const block = (type: string, config: Json, id = 'b'): unknown => ({
  name: 'one block',
  blocks: [{ id, type, config }],
});

const body = { blocks: [{ id: 'c', type: 'evaluate', config: { expression: '1' } }] };

/** A config that is good, and others with one thing broken. */
const CONFIGS: readonly (readonly [type: string, good: Json, broken: readonly Json[]])[] = [
  ['start', {}, [{ a: 1 }]],
  ['output', { name: 'total' }, [{ name: '' }, { name: 'a b' }, { nam: 'total' }]],
  ['or', {}, [{ a: 1 }]],
  ['delay', { seconds: 1 }, [{}, { seconds: 'a' }, { duration: 1 }, { seconds: 1, duration: 'PT1S' }]],
  ['condition', { cases: [{ name: 'a', when: 'true' }] }, [{}, { cases: [] }, { cases: [{ name: 'a' }] }]],
  ['if', { condition: 'true' }, [{}, { condition: '' }, { conditions: 'true' }]],
  ['validate', { schema: {} }, [{}, { schema: 'x' }, { schema: {}, value: 1 }]],
  ['evaluate', { expression: '1' }, [{}, { expression: 1 }, { expression: '' }]],
  [
    'http-request',
    {
      url: 'https://x.example',
      method: 'POST',
      body: { json: { a: ['{{ input }}'] } },
      failOn: ['4xx', 500],
    },
    [
      {},
      { url: '' },
      { url: 'https://x', method: 'FETCH' },
      { url: 'https://x', headers: { 'a b': 'c' } },
      { url: 'https://x', body: { json: 1, text: 'x' } },
      { url: 'https://x', body: {} },
      { url: 'https://x', timeoutSeconds: 301 },
      { url: 'https://x', redirects: 21 },
      { url: 'https://x', failOn: ['6xx'] },
      { url: 'https://x', attempts: 0 },
      { url: 'https://x', timeout: 3 },
    ],
  ],
  [
    'connector',
    { service: 'crm', operation: 'get' },
    [{ service: 'crm' }, { service: 'a b', operation: 'get' }],
  ],
  [
    'for',
    { items: [1, 2], body, concurrency: 2 },
    [
      {},
      { body: { blocks: [] } },
      { body: { blocks: [{ id: 'c', type: 'iff' }] } },
      { body, items: 7 },
      { body, concurrency: 0 },
    ],
  ],
  [
    'repeat',
    { times: 3, body },
    [{ body }, { times: 3 }, { times: -1, body }, { times: 1, while: 'true', body }],
  ],
  ['collect', {}, [{ a: 1 }]],
  ['flow', { flow: body }, [{}, { flow: {} }, { flow: { ref: 7 } }, { flow: { ref: 'a', name: 'b' } }]],
  [
    'ai-agent',
    { provider: 'openai', model: 'gpt-4o', prompt: 'hello', tools: [{ kind: 'mcp', server: 'search' }] },
    [
      { provider: 'openai', model: 'gpt-4o' },
      { provider: 'open ai', model: 'gpt-4o', prompt: 'x' },
      { provider: 'openai', model: 'gpt-4o', prompt: 'x', temperature: 3 },
      { provider: 'openai', model: 'gpt-4o', prompt: 'x', tools: [{ kind: 'http' }] },
      { provider: 'openai', model: 'gpt-4o', prompt: 'x', maxCredits: '1.2345' },
    ],
  ],
  [
    'ai-media',
    { provider: 'openai', model: 'gpt-image-1', prompt: 'a cat' },
    [{ provider: 'openai' }, { model: 'm', prompt: 'x' }],
  ],
];

describe('the JSON Schema of a flow', () => {
  it('takes every example', () => {
    expect(examples.length).toBeGreaterThan(4);
    for (const [name, flow] of examples) expect([name, fits(flow)]).toEqual([name, true]);
    expect(fitsWithOwn(JSON.parse(readFileSync(join(folder, 'own-block/flow.json'), 'utf8')))).toBe(true);
  });

  it.each([
    ['no name', { blocks: [{ id: 'a', type: 'start' }] }],
    ['no block', { name: 'n', blocks: [] }],
    ['a name that is no text', { name: 1, blocks: [{ id: 'a', type: 'start' }] }],
    ['a field nobody knows', { name: 'n', block: [], blocks: [{ id: 'a', type: 'start' }] }],
    ['a type nobody knows', block('starts', {})],
    ['an id with a slash', block('start', {}, 'a/b')],
    ['a block that is a text', { name: 'n', blocks: ['start'] }],
    [
      'a connection to nobody',
      { name: 'n', blocks: [{ id: 'a', type: 'start' }], connections: [{ from: 'a' }] },
    ],
    ['a list', []],
  ])('refuses %s', (_, flow) => {
    expect(fits(flow)).toBe(false);
  });

  it.each(CONFIGS)('knows the config of %s', (type, good, broken) => {
    expect(fits(block(type, good))).toBe(true);
    for (const config of broken) {
      expect([config, fits(block(type, config))]).toEqual([config, false]);
      // What the schema refuses, the door refuses.
      expect(validateFlow(block(type, config)).ok).toBe(false);
    }
  });

  it('has every block type, each with a description', () => {
    expect(CONFIGS.map(([type]) => type).sort()).toEqual([...BLOCKS.keys()].sort());
    expect(Object.keys(TYPE_TEXTS)).toEqual(expect.arrayContaining([...BLOCKS.keys()]));
    const text = JSON.stringify(flowJsonSchema(catalog));
    expect(text).toContain('Lays a letter out in pages of plain text.');
  });

  it('describes a field only where there is one', () => {
    const text = JSON.stringify(flowJsonSchema());
    for (const { description, fields = {} } of Object.values(TYPE_TEXTS)) {
      expect(text).toContain(JSON.stringify(description));
      for (const said of Object.values(fields)) expect(text).toContain(JSON.stringify(said));
    }
  });

  it('takes a template wherever a platform’s block takes one, and holds the rest to its schema', () => {
    const letter = (config: Json): boolean => fitsWithOwn(block('render-letter', config));
    expect(letter({ to: 'Ada', lines: ['a'], timeoutSeconds: 5 })).toBe(true);
    expect(letter({ to: '{{ input.to }}', lines: '{{ input.lines }}', linesPerPage: '{{ input.n }}' })).toBe(
      true,
    );
    expect(letter({ to: 'Ada', lines: ['a', '{{ input }}'] })).toBe(true);
    for (const config of [
      { to: 'Ada' },
      { to: '', lines: ['a'] },
      { to: 'Ada', lines: 'a' },
      { to: 'A', lines: ['a'], x: 1 },
    ])
      expect([config, letter(config)]).toEqual([config, false]);
    expect(fits(block('render-letter', { to: 'Ada', lines: ['a'] }))).toBe(false);
  });
});
