import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { type StartedRun } from '../../src/client';
import { type Json } from '../../src/contracts/json';
import { loadPricing } from '../../src/pricing';
import { violationsOf } from '../failures/books';
import { atEnd, eventually } from '../support';
import { agentFlow, everyForm, openAgentDesk, SECRETS, secretsLeft, type AgentDesk } from './agent-desk';
import { endOf } from './run-ends';

let desk: AgentDesk;
beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fc-card-'));
  atEnd(() => {
    rmSync(folder, { recursive: true });
    return Promise.resolve();
  });
  const origin = { provenance: 'assumed', source: 'a test' };
  const models = {
    'gpt-4o': { credits: '15', ...origin },
    'by-tokens': { creditsPerMillionTokens: { input: '2500', output: '10000' }, ...origin },
  };
  const agent = { price: 'by-model', models, mcpTool: { credits: '2', ...origin } };
  const card = {
    id: 'own',
    inForceFrom: '2026-06-01T00:00:00Z',
    extends: 'postman-2026-03-01',
    blocks: { 'ai-agent': agent },
  };
  writeFileSync(join(folder, 'card.json'), JSON.stringify(card));
  desk = await openAgentDesk(loadPricing({ cardFiles: [join(folder, 'card.json')] }));
});

const WEB = [{ kind: 'mcp', server: 'web' }];
const ECHO: readonly [string, Json] = ['web__echo', { message: 'x' }];
const CALL = (times: number): string =>
  `gpt-4o model call, ${String(times)} x 15000 = ${String(times * 15_000)}`;
const TOOL = (tool: string): string => `MCP tool ${tool} on web, 1 x 2000 = 2000`;

/** How the block failed. */
async function causeOf(run: StartedRun): Promise<string> {
  try {
    await run.result();
    return 'completed';
  } catch (error) {
    if (!(error instanceof WorkflowFailedError) || !(error.cause instanceof ApplicationFailure)) throw error;
    return JSON.stringify(error.cause.details?.[0] ?? error.cause.type);
  }
}

async function rest(team: string, run: StartedRun): Promise<readonly string[]> {
  expect(await desk.reader.run(team, run.runId)).toMatchObject({
    status: 'closed',
    holds: [],
    reservations: {},
  });
  expect(await violationsOf(desk.pool, desk.pricing, team)).toEqual([]);
  return desk.lines(team, run);
}

async function failing(
  config: Record<string, Json>,
): Promise<{ cause: string; lines: readonly string[]; run: StartedRun }> {
  const team = await desk.team('enterprise');
  const run = await desk.startAgent(team, config);
  return { cause: await causeOf(run), lines: await rest(team, run), run };
}

describe('the limits of an agent', () => {
  it('end it by name after so many calls of its model, charged for them', async () => {
    desk.model.script('endless', [{ calls: [ECHO] }]);
    const { cause, lines } = await failing({ prompt: 'endless', maxSteps: 3, tools: WEB });
    expect(cause).toContain('"cause":"AgentStepLimit"');
    expect(lines).toEqual([CALL(3), TOOL('echo')]);
  });

  it('end it before a call that would go beyond what it may be charged', async () => {
    desk.model.script('spender', [{ calls: [ECHO] }]);
    const { cause, lines } = await failing({ prompt: 'spender', maxCredits: '40', tools: WEB });
    expect(cause).toContain('"cause":"AgentSpendLimit"');
    expect(lines).toEqual([CALL(2), TOOL('echo')]);
    expect(desk.model.times('spender', 2)).toBe(0);
  });

  it('end it before the tools that would', async () => {
    desk.model.script('tools', [{ calls: [ECHO, ['web__get-sum', { a: 1, b: 1 }]] }]);
    const before = desk.tools.calls.length;
    const { cause, lines } = await failing({ prompt: 'tools', maxCredits: 18, tools: WEB });
    expect(cause).toContain('"cause":"AgentSpendLimit"');
    expect(lines).toEqual([CALL(1)]);
    expect(desk.tools.calls).toHaveLength(before);
  });

  it('let it finish within them', async () => {
    desk.model.script('exact', [{ calls: [ECHO] }, { text: 'done' }]);
    const { cause, lines } = await failing({ prompt: 'exact', maxSteps: 2, maxCredits: '32', tools: WEB });
    expect(cause).toBe('completed');
    expect(lines).toEqual([CALL(2), TOOL('echo')]);
  });

  it('tell the model when it has called as many different tools as it may', async () => {
    desk.model.script('narrow', [
      { calls: [ECHO, ['web__get-sum', { a: 1, b: 1 }], ECHO] },
      { text: 'done' },
    ]);
    const { lines } = await failing({ prompt: 'narrow', maxTools: 1, tools: WEB });
    expect(lines).toEqual([CALL(2), TOOL('echo')]);
    const told = desk.model.calls
      .at(-1)
      ?.request.messages.slice(-3)
      .map(({ content }) => content);
    expect(told).toEqual(['Echo: x', expect.stringContaining('1 different tools may be called'), 'Echo: x']);
  });

  it('of its run stop it before its model is called at all', async () => {
    const team = await desk.team('enterprise');
    const run = await desk.startAgent(team, { prompt: 'never' }, { creditLimit: '14999' });
    expect(await endOf(run.result())).toBe('RunCreditLimitReached');
    expect(desk.model.times('never', 0)).toBe(0);
    expect(await rest(team, run)).toEqual([]);
  });
});

describe('a model whose endpoint fails', () => {
  it('is asked again after 429 and 5xx, and charged once', async () => {
    let tries = 0;
    desk.model.script('flaky', [
      () => {
        tries += 1;
        if (tries === 1)
          return { status: 429, headers: { 'retry-after-ms': '50' }, body: { error: { message: 'slow' } } };
        return tries === 2 ? { status: 500, body: 'oops' } : { text: 'there' };
      },
    ]);
    const { cause, lines } = await failing({ prompt: 'flaky' });
    expect(cause).toBe('completed');
    expect(tries).toBe(3);
    expect(lines).toEqual([CALL(1)]);
  });

  it('fails the block at once after 4xx, charged for the calls before', async () => {
    desk.model.script('refused', [
      { calls: [ECHO] },
      {
        status: 400,
        body: { error: { message: `no such thing as a ${SECRETS.KEY}: ${everyForm(SECRETS.KEY)}` } },
      },
    ]);
    const { cause, lines, run } = await failing({ prompt: 'refused', tools: WEB });
    expect(cause).toContain('"cause":"ProviderStatus"');
    expect(cause).toContain('400 no such thing as a [secret KEY]: [secret KEY] |');
    expect(await secretsLeft(desk, run)).toEqual([]);
    expect(desk.model.times('refused', 1)).toBe(1);
    expect(lines).toEqual([CALL(1), TOOL('echo')]);
  });

  it('gives the reservation back where nothing was answered', async () => {
    desk.model.script('dead', [{ status: 401, body: { error: { message: 'who are you' } } }]);
    const { cause, lines } = await failing({ prompt: 'dead' });
    expect(cause).toContain('ProviderStatus');
    expect(lines).toEqual([]);
  });

  it.each([
    ['a provider', { provider: 'loca' }, 'ProviderUnknown', 'did you mean \\"local\\"?'],
    ['a server', { tools: [{ kind: 'mcp', server: 'wbe' }] }, 'McpServerUnknown', 'did you mean \\"web\\"?'],
    [
      'a tool',
      { tools: [{ kind: 'mcp', server: 'web', tools: ['ecco'] }] },
      'McpToolUnknown',
      'did you mean \\"echo\\"?',
    ],
  ])('or that names %s that is not there costs nothing', async (_, config, type, hint) => {
    const { cause, lines } = await failing({ prompt: 'unknown', ...config });
    expect(cause).toContain(`"cause":"${type}"`);
    expect(cause).toContain(hint);
    expect(lines).toEqual([]);
  });

  it('can be caught by the error port, and is charged', async () => {
    desk.model.script('caught', [{ calls: [ECHO] }]);
    const team = await desk.team('enterprise');
    const flow = agentFlow({ prompt: 'caught', maxSteps: 1, tools: WEB });
    const run = await desk.client.startRun({
      team,
      trigger: 'manual',
      flow: {
        ...flow,
        connections: [
          { from: 'start', to: 'agent' },
          { from: 'agent', port: 'error', to: 'out' },
        ],
      },
    });
    const { outputs, charged } = await run.result();
    expect(outputs).toMatchObject({ out: { type: 'AgentStepLimit' } });
    expect(charged).toBe('17000');
    expect(await rest(team, run)).toEqual([CALL(1), TOOL('echo')]);
  });
});

describe('tools that fail', () => {
  it('are told to the model, which goes on; only what a server did is charged', async () => {
    desk.model.script('mishaps', [
      {
        calls: [
          ['web__get-sum', { a: 'one' }],
          ['web__nothing', {}],
          ['web__echo', '{"message":'],
          ['web__echo', { message: 'y'.repeat(40_000) }],
        ],
      },
      { text: 'I see' },
    ]);
    const { cause, lines } = await failing({ prompt: 'mishaps', tools: WEB });
    expect(cause).toBe('completed');
    const [sum, nothing, broken, long] = (desk.model.calls.at(-1)?.request.messages ?? [])
      .slice(-4)
      .map(({ content }) => content ?? '');
    expect(sum).toContain('error');
    expect(nothing).toContain('there is no tool "web__nothing"');
    expect(broken).toBe('error: the arguments are no JSON object');
    expect(long).toContain('[cut: the first 16 kB of 40 kB]');
    expect(lines).toEqual([CALL(2), TOOL('echo'), TOOL('get-sum')]);
  });
});

describe('an agent priced by tokens', () => {
  it('is charged for all of them together, rounded once a line', async () => {
    desk.model.script('counted', [
      { calls: [ECHO], tokens: [1000, 101] },
      { text: 'done', tokens: [2001, 10] },
    ]);
    const { lines } = await failing({ model: 'by-tokens', prompt: 'counted', tools: WEB });
    expect(lines).toEqual([
      'by-tokens input tokens (million), 0.003001 x 2500000 = 7503',
      'by-tokens output tokens (million), 0.000111 x 10000000 = 1110',
      TOOL('echo'),
    ]);
  });

  it('fails by name where its endpoint does not count them, charged for what could be', async () => {
    desk.model.script('uncounted', [
      { calls: [ECHO], tokens: [1000, 100] },
      { text: 'done', tokens: null },
    ]);
    const { cause, lines } = await failing({ model: 'by-tokens', prompt: 'uncounted', tools: WEB });
    expect(cause).toContain('ProviderUsageMissing');
    expect(lines).toHaveLength(3);
  });

  it('stops once it has spent what it may', async () => {
    desk.model.script('tokens', [{ calls: [ECHO], tokens: [1000, 100] }]);
    const { cause, lines } = await failing({
      model: 'by-tokens',
      prompt: 'tokens',
      maxCredits: '9',
      tools: WEB,
    });
    expect(cause).toContain('AgentSpendLimit');
    expect(lines).toHaveLength(3);
    expect(desk.model.times('tokens', 2)).toBe(0);
  });
});

describe('an agent that is not left alone', () => {
  it('charges what was answered when it is cancelled in the middle', async () => {
    const { model } = desk;
    model.script('stopped', [{ calls: [ECHO] }, { text: 'too late' }]);
    model.hold('stopped', 1);
    const team = await desk.team('enterprise');
    const run = await desk.startAgent(team, { prompt: 'stopped', tools: WEB });
    await eventually(() => model.times('stopped', 1) === 1);
    await desk.client.cancelRun(run.workflowId);
    expect(await endOf(run.result())).toBe('cancelled');
    model.release();
    expect(await rest(team, run)).toEqual([CALL(1), TOOL('echo')]);
  });

  it('goes on while the ledger is away, and is charged once when it is back', async () => {
    const { model } = desk;
    model.script('outage', [{ calls: [ECHO] }, { text: 'done' }]);
    model.hold('outage', 1);
    const team = await desk.team('enterprise');
    const run = await desk.startAgent(team, { prompt: 'outage', tools: WEB });
    await eventually(() => model.times('outage', 1) === 1);
    desk.away = new Set(['commit', 'reserve', 'close']);
    model.release();
    const handle = desk.temporal.workflow.getHandle(run.workflowId);
    await eventually(async () => {
      const { events } = await handle.fetchHistory();
      const commits = (events ?? []).filter(
        (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'flowCredits.commit',
      );
      return commits.length === 2;
    });
    desk.away = new Set();
    await expect(run.result()).resolves.toMatchObject({
      charged: '32000',
      outputs: { out: { text: 'done' } },
    });
    expect(await rest(team, run)).toEqual([CALL(2), TOOL('echo')]);
    expect(model.times('outage', 1)).toBe(1);
  });
});
