import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cli } from './cli';

const RUN = {
  admittedAt: '2026-04-01T00:00:00Z',
  trigger: 'manual',
  location: 'local',
  blocks: [
    {
      id: 'a',
      type: 'ai-agent',
      usage: {
        modelCalls: [{ model: 'gpt-4o', calls: 2 }],
        mcpTools: [{ server: 'https://tools.example', tool: 'search', calls: 100 }],
      },
    },
    { id: 'm', type: 'ai-media', usage: { model: 'some-model', costUsd: '0.0123456' } },
    { id: 'h', type: 'http-request' },
  ],
};
const FLOW = {
  name: 'greet',
  blocks: [
    { id: 's', type: 'start' },
    { id: 'i', type: 'if', config: { condition: 'true' } },
    { id: 'h', type: 'http-request', config: { url: 'https://example.test' } },
    { id: 'c', type: 'connector' },
  ],
  connections: [
    { from: 's', to: 'i' },
    { from: 'i', port: 'true', to: 'h' },
    { from: 'i', port: 'false', to: 'c' },
  ],
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'flow-credits-price-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});
function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(content));
  return path;
}

const line = (
  what: string,
  quantity: string,
  unit: string,
  amount: string,
  row: string,
  provenance: string,
) => ({
  what,
  quantity,
  unitMillicredits: unit,
  millicredits: amount,
  row,
  provenance,
});

const AGENT = (provenance: string) => [
  line('gpt-4o model call', '2', '15000', '30000', 'blocks.ai-agent.models.gpt-4o', provenance),
  line(
    'MCP tool search on https://tools.example',
    '1',
    '2000',
    '2000',
    'blocks.ai-agent.mcpTool',
    'documented',
  ),
];
const MEDIA = [
  line('AI media some-model at cost, $0.0123456', '1', '12346', '12346', 'blocks.ai-media', 'assumed'),
];

describe('flow-credits price', () => {
  it('answers what a run costs, line by line', async () => {
    const { status, out, err } = await cli(['price', '--json', '-'], JSON.stringify(RUN));
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(JSON.parse(out)).toEqual({
      rateCard: 'postman-2026-03-01',
      millicredits: '44346',
      credits: '44.346',
      blocks: [
        { id: 'a', millicredits: '32000', lines: AGENT('assumed') },
        { id: 'm', millicredits: '12346', lines: MEDIA },
        { id: 'h', millicredits: '0', lines: [] },
      ],
    });
  });

  it('has the run’s own price outside the blocks, and in the total, before March 2026', async () => {
    const older = { ...RUN, admittedAt: '2026-02-28T23:59:59.999Z', location: 'cloud' };
    const { status, out } = await cli(['price', '--json', file('older.json', older)]);
    expect(status).toBe(0);
    expect(JSON.parse(out)).toEqual({
      rateCard: 'postman-before-2026-03-01',
      millicredits: '46346',
      credits: '46.346',
      run: line('Flow run (cloud)', '1', '1000', '1000', 'run.cloud', 'documented'),
      blocks: [
        { id: 'a', millicredits: '32000', lines: AGENT('documented') },
        { id: 'm', millicredits: '12346', lines: MEDIA },
        {
          id: 'h',
          millicredits: '1000',
          lines: [line('HTTP Request', '1', '1000', '1000', 'blocks.http-request', 'documented')],
        },
      ],
    });
  });

  it('tells people the same, with what is assumed', async () => {
    const { status, out } = await cli(['price', file('run.json', RUN)]);
    expect(status).toBe(0);
    expect(out).toContain('manual run, local; rate card postman-2026-03-01');
    expect(out).toMatch(/^a +gpt-4o model call +2 +15 +30 +assumed$/m);
    expect(out).toMatch(/^a +MCP tool search on https:\/\/tools\.example +1 +2 +2 +documented$/m);
    expect(out).toMatch(/^h +charges nothing here +0$/m);
    expect(out).toMatch(/^ +total +44\.346$/m);
  });

  it.each([
    ['a trigger', { ...RUN, trigger: 'manul' }, 'trigger: '],
    ['a type', { ...RUN, blocks: [{ id: 'x', type: 'htp-request' }] }, 'blocks[0].type: '],
    [
      'money as a number',
      { ...RUN, blocks: [{ id: 'm', type: 'ai-media', usage: { costUsd: 0.1 } }] },
      'blocks[0].usage.costUsd: ',
    ],
    ['no JSON', 'nonsense\n{', 'standard input is no JSON'],
  ])('refuses %s that makes no sense with status 1 and one line', async (_name, run, field) => {
    const { status, out, err } = await cli(
      ['price', '--json', '-'],
      typeof run === 'string' ? run : JSON.stringify(run),
    );
    expect({ status, out }).toEqual({ status: 1, out: '' });
    expect(err).toMatch(/^error: .*\n$/);
    expect(err).toContain(`error: ${field}`);
  });

  it('takes rate cards of your own, from the command line and the environment', async () => {
    const card = (id: string, inForceFrom: string, credits: string) => ({
      id,
      inForceFrom,
      extends: 'postman-2026-03-01',
      blocks: { ours: { price: 'fixed', credits, provenance: 'assumed', source: 'our list' } },
    });
    const first = file('first.json', card('first', '2027-01-01T00:00:00Z', '0.5'));
    const second = file('second.json', card('second', '2028-01-01T00:00:00Z', '0.75'));
    const run = (admittedAt: string) =>
      JSON.stringify({ admittedAt, trigger: 'api', blocks: [{ id: 'o', type: 'ours' }] });
    const env = { FLOW_CREDITS_RATE_CARDS: first };
    const args = ['price', '--json', '--rate-card', second, '-'];
    const [in2027, in2028] = await Promise.all([
      cli(args, run('2027-06-01T00:00:00Z'), env),
      cli(args, run('2028-01-01T00:00:00Z'), env),
    ]);
    expect(JSON.parse(in2027.out)).toMatchObject({ rateCard: 'first', credits: '0.5' });
    expect(JSON.parse(in2028.out)).toMatchObject({ rateCard: 'second', credits: '0.75' });
  });

  it('refuses a bad rate card with the path of all that is wrong, on one line', async () => {
    const bad = file('bad.json', {
      id: 'bad',
      inForceFrom: '2026-01-01T00:00:00Z',
      blocks: { 'http-request': { price: 'fixed', credits: -1, provenance: 'assumed', source: '' } },
    });
    const { status, out, err } = await cli(['price', '--json', '--rate-card', bad, '-'], JSON.stringify(RUN));
    expect({ status, out }).toEqual({ status: 1, out: '' });
    expect(err).toMatch(/^error: .*\n$/);
    expect(err).toContain(`${bad}: blocks.http-request.credits: is -1; it must be credits`);
    expect(err).toContain(`${bad}: blocks.http-request.source: is ""; it must say where the row comes from`);
  });
});

describe('flow-credits estimate', () => {
  it('answers what a flow would cost', async () => {
    const flow = file('flow.json', FLOW);
    const [now, before, manual] = await Promise.all([
      cli(['estimate', '--json', '--at', '2026-04-01T00:00:00Z', flow]),
      cli(['estimate', '--json', '--at', '2026-02-01T00:00:00Z', flow, '--trigger', 'manual', '--cloud-run']),
      cli(['estimate', flow, '--trigger', 'manual']),
    ]);
    expect(JSON.parse(now.out)).toEqual({
      rateCard: 'postman-2026-03-01',
      trigger: 'api',
      location: 'cloud',
      requiresCredits: true,
      millicredits: { least: '2000', likely: '3000', most: '3000' },
      credits: { least: '2', likely: '3', most: '3' },
    });
    expect(JSON.parse(before.out)).toMatchObject({
      rateCard: 'postman-before-2026-03-01',
      trigger: 'manual',
      location: 'cloud',
      credits: { least: '3', likely: '4', most: '4' },
    });
    expect(manual.out).toContain('greet: manual run, local');
    expect(manual.out).toMatch(/^most +2$/m);
  });

  it('prices the flows it calls, and refuses those that call themselves', async () => {
    const calling = (ref: string) => ({
      name: 'calls',
      blocks: ['a', 'b'].map((id) => ({ id, type: 'flow', config: { flow: { ref } } })),
    });
    const flow = file('calls.json', calling('greet'));
    const [priced, alone, ring] = await Promise.all([
      cli(['estimate', '--json', flow, '--flows', file('called.json', { greet: FLOW })]),
      cli(['estimate', flow]),
      cli(['estimate', flow, '--flows', file('ring.json', { greet: calling('greet') })]),
    ]);
    expect(JSON.parse(priced.out)).toMatchObject({ credits: { least: '4', likely: '6', most: '6' } });
    expect(alone.out).toMatch(/^most +unbounded/m);
    expect(ring.status).toBe(1);
    expect(ring.err).toContain('flow "greet" calls itself: "greet" -> "greet"');
  });

  it('refuses what makes no sense with status 1 and one line', async () => {
    const flow = file('flow.json', FLOW);
    const agent = { id: 'a', type: 'ai-agent', config: { model: 'gpt-9000' } };
    const broken = file('broken.json', {
      name: 'broken',
      blocks: [agent, { id: 'a', type: 'nothing' }],
      connections: [{ from: 'a', to: 'b' }],
    });
    const all = await Promise.all([
      cli(['estimate', flow, '--trigger', 'cron']),
      cli(['estimate', flow, '--trigger', 'api', '--location', 'local']),
      cli(['estimate', flow, '--at', 'yesterday']),
      cli(['estimate', broken]),
    ]);
    const fields = [
      ['--trigger: '],
      ['--location: '],
      ['--at: '],
      ['blocks[1].id: ', 'blocks[1].type: ', 'blocks[0].config.model: ', 'connections[0].to: '],
    ];
    for (const [index, { status, out, err }] of all.entries()) {
      expect({ status, out }).toEqual({ status: 1, out: '' });
      expect(err).toMatch(/^error: .*\n$/);
      for (const field of fields[index] ?? []) expect(err).toContain(field);
    }
  });
});
