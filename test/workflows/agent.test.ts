import { beforeAll, describe, expect, it } from '@jest/globals';
import { Worker } from '@temporalio/worker';
import { type StartRun } from '../../src/client';
import { type Json } from '../../src/contracts/json';
import { violationsOf } from '../failures/books';
import { workflowBundle } from '../support';
import { everyForm, openAgentDesk, SECRETS, secretsLeft, type AgentDesk } from './agent-desk';

let desk: AgentDesk;
beforeAll(async () => {
  desk = await openAgentDesk();
});

const CALL = 'gpt-4o model call';

async function ran(config: Record<string, Json>, options: Partial<StartRun> = {}) {
  const team = await desk.team('enterprise');
  const run = await desk.startAgent(team, config, options);
  const { outputs, charged } = await run.result();
  expect(await violationsOf(desk.pool, desk.pricing, team)).toEqual([]);
  expect(await desk.reader.run(team, run.runId)).toMatchObject({ holds: [], reservations: {} });
  return { answer: outputs['out'], charged, lines: await desk.lines(team, run) };
}

describe('an agent against an OpenAI-compatible endpoint and the reference MCP server', () => {
  it('asks its model, with its key, and is charged the call', async () => {
    desk.model.script('hello', [{ text: 'Hello!' }]);
    const { answer, lines } = await ran(
      { system: 'Be short.', prompt: 'hello {{ input.name }}', maxOutputTokens: 50, temperature: 0.5 },
      { input: { name: 'Ada' } },
    );
    expect(answer).toEqual({ text: 'Hello!', finish: 'stop', steps: 1, toolCalls: 0 });
    expect(lines).toEqual([`${CALL}, 1 x 15000 = 15000`]);
    const [call] = desk.model.calls.filter(({ script }) => script === 'hello');
    expect(call?.authorization).toBe(`Bearer ${SECRETS.KEY}`);
    expect(call?.request).toEqual({
      model: 'gpt-4o',
      stream: false,
      max_completion_tokens: 50,
      temperature: 0.5,
      messages: [
        { role: 'system', content: 'Be short.' },
        { role: 'user', content: 'hello Ada' },
      ],
    });
  });

  it.each(['web', 'process'])(
    'that calls one tool of %s a hundred times is charged 2 for it',
    async (server) => {
      const ten = Array.from({ length: 10 }, (_, n): [string, Json] => [
        `${server}__echo`,
        { message: String(n) },
      ]);
      desk.model.script(server, [...Array.from({ length: 10 }, () => ({ calls: ten })), { text: 'done' }]);
      const { answer, lines } = await ran({ prompt: server, maxSteps: 11, tools: [{ kind: 'mcp', server }] });
      expect(answer).toEqual({ text: 'done', finish: 'stop', steps: 11, toolCalls: 100 });
      expect(lines).toEqual([`${CALL}, 11 x 15000 = 165000`, `MCP tool echo on ${server}, 1 x 2000 = 2000`]);
      const last = desk.model.calls.filter(({ script }) => script === server).at(-1);
      expect(last?.request.messages.slice(-10).map(({ content }) => content)).toEqual(
        ten.map((_, n) => `Echo: ${String(n)}`),
      );
    },
  );

  it('that calls three tools is charged 6; one name on two servers is two tools', async () => {
    desk.model.script('three', [
      {
        calls: [
          ['web__echo', { message: 'a' }],
          ['web__get-sum', { a: 1, b: 2 }],
          ['process__echo', { message: 'b' }],
        ],
      },
      { text: 'done' },
    ]);
    const { lines } = await ran({
      prompt: 'three',
      tools: [
        { kind: 'mcp', server: 'web', tools: ['echo', 'get-sum'] },
        { kind: 'mcp', server: 'process' },
      ],
    });
    expect(lines).toEqual([
      `${CALL}, 2 x 15000 = 30000`,
      'MCP tool echo on process, 1 x 2000 = 2000',
      'MCP tool echo on web, 1 x 2000 = 2000',
      'MCP tool get-sum on web, 1 x 2000 = 2000',
    ]);
  });

  it('that calls none of its tools is charged none', async () => {
    desk.model.script('unused', [{ text: 'I know it.' }]);
    const { lines } = await ran({ prompt: 'unused', tools: [{ kind: 'mcp', server: 'web' }] });
    expect(lines).toEqual([`${CALL}, 1 x 15000 = 15000`]);
    const { request } = desk.model.calls.at(-1) ?? {};
    expect(request?.tools?.length).toBeGreaterThan(5);
  });

  it.each([
    ['a manual run', { trigger: 'manual' }],
    ['a Cloud Run', { trigger: 'manual', cloudRun: true }],
    ['an automated run', { trigger: 'api' }],
  ] as const)('is charged the same in %s', async (_, how) => {
    desk.model.script('where', [{ calls: [['web__echo', { message: 'x' }]] }, { text: 'done' }]);
    const { charged, lines } = await ran(
      { prompt: 'where', model: 'gpt-4o-mini', tools: [{ kind: 'mcp', server: 'web', tools: ['echo'] }] },
      how,
    );
    expect(lines).toEqual([
      'gpt-4o-mini model call, 2 x 1000 = 2000',
      'MCP tool echo on web, 1 x 2000 = 2000',
    ]);
    expect(charged).toBe('4000');
  });

  it('is charged nothing where nothing is metered', async () => {
    desk.model.script('free', [{ calls: [['web__echo', { message: 'x' }]] }, { text: 'done' }]);
    const team = await desk.team('free');
    const config = { prompt: 'free', maxCredits: 1, tools: [{ kind: 'mcp', server: 'web' }] };
    const run = await desk.startAgent(team, config, { mode: 'off' });
    await expect(run.result()).resolves.toMatchObject({ charged: '0', outputs: { out: { text: 'done' } } });
    expect(await desk.lines(team, run)).toEqual([]);
  });

  it('gives what a schema asks for', async () => {
    const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
    desk.model.script('typed', [{ text: '{"city":"Oslo"}' }]);
    const { answer } = await ran({ prompt: 'typed', output: { schema } });
    expect(answer).toMatchObject({ json: { city: 'Oslo' } });
    expect(desk.model.calls.at(-1)?.request).toMatchObject({
      response_format: { type: 'json_schema', json_schema: { name: 'answer', schema } },
    });
  });
});

describe('the history of an agent', () => {
  it('has three events a step, holds no secret, and replays beside other blocks', async () => {
    const { model, tools } = desk;
    model.script('history', [
      {
        calls: [
          ['process__get-env', {}],
          ['web__echo', { message: everyForm(SECRETS.KEY) }],
        ],
      },
      { text: `the key is ${SECRETS.KEY}, which is ${everyForm(SECRETS.KEY)}` },
    ]);
    const team = await desk.team('enterprise');
    const config = {
      provider: 'local',
      model: 'gpt-4o',
      prompt: 'history',
      tools: [
        { kind: 'mcp', server: 'web' },
        { kind: 'mcp', server: 'process' },
      ],
    };
    const logic = Array.from({ length: 6 }, (_, n) => `n${String(n)}`);
    const run = await desk.client.startRun({
      team,
      trigger: 'manual',
      flow: {
        name: 'an agent beside logic',
        blocks: [
          { id: 'start', type: 'start' },
          { id: 'agent', type: 'ai-agent', config },
          ...logic.map((id) => ({ id, type: 'evaluate', config: { expression: '1 + 1' } })),
        ],
        connections: [
          { from: 'start', to: 'agent' },
          ...logic.map((id, n) => ({ from: n === 0 ? 'start' : (logic[n - 1] ?? ''), to: id })),
        ],
      },
    });
    await run.result();
    const handle = desk.temporal.workflow.getHandle(run.workflowId);
    const history = await handle.fetchHistory();
    const scheduled = (history.events ?? []).flatMap((event) => {
      const attributes = event.activityTaskScheduledEventAttributes;
      return attributes ? [`${attributes.activityType?.name ?? ''} ${attributes.activityId ?? ''}`] : [];
    });
    expect(scheduled).toEqual([
      'flowCredits.agentBegin agent#0',
      'flowCredits.agentModel agent#1',
      'flowCredits.agentTool agent#2',
      'flowCredits.agentTool agent#3',
      'flowCredits.agentModel agent#4',
      expect.stringMatching(/^flowCredits\.commit /),
    ]);

    expect(tools.headers.some(({ authorization }) => authorization === `Bearer ${SECRETS.TOKEN}`)).toBe(true);
    const texts = payloadsOf(history);
    // The process was given the token and told it, the model the key: they are known, and are not told on.
    expect(texts).toContain('[secret TOKEN]');
    expect(texts).toContain('the key is [secret KEY]');
    expect(await secretsLeft(desk, run)).toEqual([]);
    // Nor does a process see the worker's environment.
    expect(texts).not.toContain('NODE_ENV');

    const bundle = await workflowBundle({ workflowsPath: require.resolve('../../src/workflows') });
    await Worker.runReplayHistory({ workflowBundle: bundle }, history, run.workflowId);
  });
});

/** All that a history holds, in clear. */
function payloadsOf(history: unknown): string {
  const texts: string[] = [];
  const walk = (value: unknown): void => {
    if (value instanceof Uint8Array) texts.push(Buffer.from(value).toString('utf8'));
    else if (typeof value === 'string') texts.push(value);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(walk);
  };
  walk(history);
  return texts.join('\n');
}
