import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { cli } from './cli';

const folder = mkdtempSync(join(tmpdir(), 'validate-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const OWN = 'examples/own-block';
const WITH_OWN = { FLOW_CREDITS_BLOCKS: `${OWN}/render-letter.ts` };

/** One fault of each kind. */
const BROKEN = {
  name: '',
  blocks: [
    { id: 'a', type: 'http-reqest' },
    { id: 'b', type: 'if', config: { conditions: 'x' } },
    { id: 'c', type: 'evaluate', config: { expression: 'a +' } },
    { id: 'd', type: 'http-request', config: { url: 'https://x.example/{{secret:a b}}' } },
  ],
  connections: [
    { from: 'c', to: 'zz' },
    { from: 'c', port: 'valid', to: 'd' },
  ],
};

describe('flow-credits validate', () => {
  it('says ok, with the number of blocks', async () => {
    const [hello, piped] = await Promise.all([
      cli(['validate', 'examples/hello.json']),
      cli(['validate', '-', '--json'], JSON.stringify({ name: 'n', blocks: [{ id: 'a', type: 'start' }] })),
    ]);
    expect(hello).toEqual({ status: 0, out: 'ok: flow "hello", 3 blocks\n', err: '' });
    expect(piped).toEqual({ status: 0, out: '{"ok":true,"blocks":1}\n', err: '' });
  });

  it('knows the services of FLOW_CREDITS_CONNECTORS, but for a private runner, which has its own', async () => {
    const env = { FLOW_CREDITS_CONNECTORS: 'examples/connectors/services.json' };
    const config = { service: 'crm', operation: 'assignManager', parameters: { customer: 7, reasn: 'a' } };
    const wrong = file('connector.json', { name: 'n', blocks: [{ id: 'call', type: 'connector', config }] });
    const [good, faulty, privately, broken] = await Promise.all([
      cli(['validate', 'examples/onboarding.json'], '', env),
      cli(['validate', wrong], '', env),
      cli(['validate', wrong, '--location', 'private-runner'], '', env),
      cli(['validate', wrong], '', { FLOW_CREDITS_CONNECTORS: 'no-such-file.json' }),
    ]);
    expect(good).toMatchObject({ status: 0, err: '' });
    const at = 'blocks[0].config.parameters';
    const of = '(operation "assignManager" of service "crm")';
    expect({ status: faulty.status, lines: faulty.out.trimEnd().split('\n') }).toEqual({
      status: 1,
      lines: [
        `${at}.reason: block "call": parameters.reason is missing ${of}`,
        `${at}.customer: block "call": parameters.customer is 7; it must be string ${of}`,
        `${at}.reasn: block "call": parameters.reasn means nothing here; did you mean "reason"? ${of}`,
      ],
    });
    expect(privately).toMatchObject({ status: 0, err: '' });
    expect(broken).toMatchObject({ status: 1, out: '' });
    expect(broken.err).toMatch(/^error: connectors file "no-such-file.json" cannot be read[^\n]+\n$/);
  });

  it('names every fault on a line of its own, with its path', async () => {
    const broken = file('broken.json', BROKEN);
    const [lines, json] = await Promise.all([cli(['validate', broken]), cli(['validate', broken, '--json'])]);
    expect({ status: lines.status, err: lines.err }).toEqual({ status: 1, err: '' });
    const paths = lines.out
      .trimEnd()
      .split('\n')
      .map((line) => line.slice(0, line.indexOf(': ')));
    expect(paths).toEqual([
      'name',
      'blocks[0].type',
      'blocks[1].config.condition',
      'blocks[1].config.conditions',
      'blocks[2].config.expression',
      'blocks[3].config.url',
      'connections[0].to',
      'connections[1].port',
    ]);
    expect(json.status).toBe(1);
    expect(JSON.parse(json.out)).toMatchObject({ ok: false, faults: paths.map((path) => ({ path })) });
  });

  it('refuses what cannot be read, or asked, in one line', async () => {
    const good = file('good.json', { name: 'n', blocks: [{ id: 'a', type: 'start' }] });
    const ended = await Promise.all([
      cli(['validate', join(folder, 'nowhere.json')]),
      cli(['validate', file('no.json', '{')]),
      cli(['validate', good, '--trigger', 'api', '--location', 'local']),
      cli(['validate', good], '', { FLOW_CREDITS_BLOCKS: 'nowhere.js' }),
      cli(['validate', good], '', { FLOW_CREDITS_BLOCKS: file('empty.cjs', 'module.exports = {}') }),
    ]);
    const says = [
      'cannot be read',
      'is no JSON',
      '--location: must not be "local"',
      '"nowhere.js" cannot be loaded',
      'exports no block',
    ];
    for (const [place, { status, out, err }] of ended.entries()) {
      expect({ status, out }).toEqual({ status: 1, out: '' });
      expect(err).toMatch(/^error: .*\n$/);
      expect(err).toContain(says[place]);
    }
  });

  it('knows a platform’s own blocks, and so does the estimate', async () => {
    const lines = '{{ input.lines }}';
    const wrong = file('wrong.json', {
      name: 'letter',
      blocks: [
        { id: 'l', type: 'render-letter', config: { to: 'Ada', lines, linesPerPage: 99 } },
        { id: 'm', type: 'render-letter', config: { to: '{{ input.to }}', lines } },
        { id: 'o', type: 'output' },
      ],
      connections: [{ from: 'm', port: 'to-long', to: 'o' }],
    });
    const [without, good, faults, estimated] = await Promise.all([
      cli(['validate', `${OWN}/flow.json`]),
      cli(['validate', `${OWN}/flow.json`, '--rate-card', `${OWN}/rate-card.json`], '', WITH_OWN),
      cli(['validate', wrong], '', WITH_OWN),
      cli(['estimate', `${OWN}/flow.json`, '--json', '--rate-card', `${OWN}/rate-card.json`], '', WITH_OWN),
    ]);
    expect(without.out).toContain('blocks[1].type: block "letter" has type "render-letter"');
    expect(good.out).toBe('ok: flow "letter", 5 blocks\n');
    expect(faults.out).toBe(
      'blocks[0].config.linesPerPage: block "l": linesPerPage is 99; it must be at most 60\n' +
        'connections[0].port: connection from "m" uses port "to-long"; "render-letter" blocks deliver on "out", "too-long", "error"; did you mean "too-long"?\n',
    );
    // One page is likely, and the logic block after it.
    expect(JSON.parse(estimated.out)).toMatchObject({
      rateCard: 'letters-2026-04',
      credits: { least: '0', likely: '1.5', most: null },
    });
  });
});

describe('flow-credits schema', () => {
  it('prints the schema, with a platform’s own blocks in it', async () => {
    const [plain, own] = await Promise.all([cli(['schema']), cli(['schema', '--json'], '', WITH_OWN)]);
    expect(plain.err).toBe('');
    expect(JSON.parse(plain.out)).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: 'Flow',
      $defs: { 'config-http-request': { required: ['url'] } },
    });
    expect(plain.out).not.toContain('render-letter');
    expect(own.out.trimEnd().split('\n')).toHaveLength(1);
    expect(JSON.parse(own.out)).toMatchObject({
      $defs: { 'config-render-letter': { required: ['to', 'lines'] } },
    });
  });
});
