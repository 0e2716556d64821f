import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { Worker } from '@temporalio/worker';
import { type StartedRun, type StartRun } from '../../src/client';
import { type Json } from '../../src/contracts/json';
import { runnerTaskQueue } from '../../src/contracts/names';
import { loadPricing } from '../../src/pricing';
import { violationsOf } from '../failures/books';
import { atEnd, eventually, startWorker, workflowBundle } from '../support';
import { flowAround, openAgentDesk, secretsLeft, type AgentDesk } from './agent-desk';
import { endOf } from './run-ends';
import { startRunner } from './runner';

let desk: AgentDesk;
beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fc-card-'));
  atEnd(() => {
    rmSync(folder, { recursive: true });
    return Promise.resolve();
  });
  const origin = { provenance: 'assumed', source: 'a test' };
  const card = {
    id: 'own',
    inForceFrom: '2026-06-01T00:00:00Z',
    extends: 'postman-2026-03-01',
    blocks: {
      'ai-agent': {
        price: 'by-model',
        models: {
          'gpt-4o': { credits: '15', ...origin },
          'by-tokens': { creditsPerMillionTokens: { input: '2500', output: '10000' }, ...origin },
        },
        mcpTool: { credits: '2', ...origin },
      },
    },
  };
  writeFileSync(join(folder, 'card.json'), JSON.stringify(card));
  desk = await openAgentDesk(loadPricing({ cardFiles: [join(folder, 'card.json')] }));
});
beforeEach(() => {
  desk.away = new Set();
});

const CALL = (times: number): string =>
  `gpt-4o model call, ${String(times)} x 15000 = ${String(times * 15_000)}`;
const ECHO: readonly [string, Json] = ['web__echo', { message: 'x' }];
const WEB = [{ kind: 'mcp', server: 'web' }];
const TOOL = 'MCP tool echo on web, 1 x 2000 = 2000';

/** A team with its private runner. */
async function teamWithRunner(): Promise<string> {
  const team = await desk.team('enterprise');
  await startRunner(desk, team, { registry: desk.registry });
  return team;
}

const PRIVATELY = { trigger: 'api', location: 'private-runner' } as const;

async function start(
  config: Record<string, Json>,
  options: Partial<StartRun> = {},
): Promise<{ readonly team: string; readonly run: StartedRun }> {
  const team = options.team ?? (await teamWithRunner());
  return { team, run: await desk.startAgent(team, config, { ...PRIVATELY, ...options, team }) };
}

/** How it ended, and what it was charged. */
async function endAndLines({ team, run }: Awaited<ReturnType<typeof start>>) {
  const end = await run.result().then(
    () => 'completed',
    (error: unknown) => {
      if (!(error instanceof WorkflowFailedError) || !(error.cause instanceof ApplicationFailure))
        throw error;
      return JSON.stringify(error.cause.details?.[0] ?? error.cause.type);
    },
  );
  expect(await desk.reader.run(team, run.runId)).toMatchObject({
    status: 'closed',
    holds: [],
    reservations: {},
  });
  expect(await violationsOf(desk.pool, desk.pricing, team)).toEqual([]);
  return { end, lines: await desk.lines(team, run) };
}

/** Where each of our activities was scheduled. */
async function scheduled(run: StartedRun): Promise<readonly string[]> {
  const { events } = await desk.temporal.workflow.getHandle(run.workflowId).fetchHistory();
  return (events ?? []).flatMap((event) => {
    const attributes = event.activityTaskScheduledEventAttributes;
    if (!attributes) return [];
    const name = attributes.activityType?.name?.replace('flowCredits.', '') ?? '';
    return [
      `${name} on ${attributes.taskQueue?.name === desk.taskQueue ? 'ours' : (attributes.taskQueue?.name ?? '')}`,
    ];
  });
}

describe('an agent on a private runner', () => {
  it('calls its model and its tools there, is charged line by line, and replays', async () => {
    desk.model.script('there', [{ calls: [ECHO, ECHO, ['web__get-sum', { a: 1, b: 2 }]] }, { text: 'done' }]);
    const started = await start({ prompt: 'there', tools: WEB });
    const { end, lines } = await endAndLines(started);
    expect(end).toBe('completed');
    expect(lines).toEqual([CALL(2), TOOL, 'MCP tool get-sum on web, 1 x 2000 = 2000']);
    const { run, team } = started;
    await expect(run.result()).resolves.toMatchObject({
      charged: '34000',
      outputs: { out: { text: 'done', steps: 2, toolCalls: 3 } },
    });
    const theirs = runnerTaskQueue(team, desk.taskQueue);
    expect(await scheduled(run)).toEqual([
      `agentBegin on ${theirs}`,
      'reserve on ours',
      `agentModel on ${theirs}`,
      `agentTool on ${theirs}`,
      `agentTool on ${theirs}`,
      `agentTool on ${theirs}`,
      `agentModel on ${theirs}`,
      'commit on ours',
    ]);
    expect(await secretsLeft(desk, run)).toEqual([]);
    const history = await desk.temporal.workflow.getHandle(run.workflowId).fetchHistory();
    const bundle = await workflowBundle({ workflowsPath: require.resolve('../../src/workflows') });
    await Worker.runReplayHistory({ workflowBundle: bundle }, history, run.workflowId);
  });

  it('waits for its runner, with nothing held but its run’s', async () => {
    desk.model.script('waits', [{ text: 'done' }]);
    const team = await desk.team('enterprise');
    const { run } = await start({ prompt: 'waits' }, { team });
    await eventually(async () => {
      expect(await desk.client.run(run.workflowId)).toMatchObject({ runner: { polled: false } });
    });
    expect((await desk.reader.run(team, run.runId))?.reservations).toEqual({});
    await desk.client.cancelRun(run.workflowId);
    expect(await endOf(run.result())).toBe('cancelled');
    expect(await desk.lines(team, run)).toEqual([]);
  });

  it('calls flows as tools: their blocks execute there, too, and are charged for themselves', async () => {
    const calls: [string, Json][] = [
      ['twice', { n: 21 }],
      ['twice', { n: 'x' }],
    ];
    desk.model.script('flows', [{ calls }, { text: 'done' }]);
    const flow = {
      blocks: [
        { id: 'start', type: 'start' },
        { id: 'double', type: 'evaluate', config: { expression: 'input.n * 2' } },
        { id: 'out', type: 'output' },
      ],
      connections: [
        { from: 'start', to: 'double' },
        { from: 'double', to: 'out' },
      ],
    };
    const parameters = { type: 'object', properties: { n: { type: 'number' } } };
    const tools = [{ kind: 'flow', name: 'twice', description: 'Doubles n', parameters, flow }];
    const { team, run } = await start({ prompt: 'flows', tools });
    await expect(run.result()).resolves.toMatchObject({ outputs: { out: { text: 'done' } } });
    const last = desk.model.calls.filter(({ script }) => script === 'flows').at(-1);
    expect(last?.request.messages.slice(-2).map(({ content }) => content)).toEqual([
      '{"out":42}',
      'error: the arguments do not fit the parameters of "twice": /n must be number',
    ]);
    const charges = await desk.reader.charges(team, run.runId);
    expect(charges.map(({ key, amount }) => `${key} ${String(amount)}`).sort()).toEqual([
      'agent 30000',
      'agent/twice#0/double 1000',
    ]);
    expect(await scheduled(run)).toContain(`runBlock on ${runnerTaskQueue(team, desk.taskQueue)}`);
  });

  it.each([
    ['before a call that goes beyond it', { maxCredits: '40' }, [CALL(2), TOOL]],
    ['before the tools that do', { maxCredits: 16 }, [CALL(1)]],
  ])('ends by its limit %s, which our worker prices', async (what, config, expected) => {
    const script = what.replaceAll(' ', '-');
    desk.model.script(script, [{ calls: [ECHO] }]);
    const { end, lines } = await endAndLines(await start({ prompt: script, tools: WEB, ...config }));
    expect(end).toContain('"cause":"AgentSpendLimit"');
    expect(lines).toEqual(expected);
  });

  it('finishes within its limit', async () => {
    desk.model.script('exact', [{ calls: [ECHO] }, { text: 'done' }]);
    const { end, lines } = await endAndLines(await start({ prompt: 'exact', maxCredits: '32', tools: WEB }));
    expect({ end, lines }).toEqual({ end: 'completed', lines: [CALL(2), TOOL] });
  });

  it('is charged by tokens; a call whose endpoint does not count them ends it, and is not charged', async () => {
    desk.model.script('tokens', [
      { calls: [ECHO], tokens: [1000, 100] },
      { text: 'done', tokens: null },
    ]);
    const { end, lines } = await endAndLines(
      await start({ model: 'by-tokens', prompt: 'tokens', tools: WEB }),
    );
    expect(end).toContain('ProviderUsageMissing');
    expect(lines).toEqual([
      'by-tokens input tokens (million), 0.001 x 2500000 = 2500',
      'by-tokens output tokens (million), 0.0001 x 10000000 = 1000',
      TOOL,
    ]);
  });

  it('is stopped by its run’s limit before its model is called', async () => {
    const { run } = await start({ prompt: 'never' }, { creditLimit: '14999' });
    expect(await endOf(run.result())).toBe('RunCreditLimitReached');
    expect(desk.model.times('never', 0)).toBe(0);
  });

  it('costs nothing where nothing is metered', async () => {
    desk.model.script('free', [{ calls: [ECHO] }, { text: 'done' }]);
    const { run } = await start({ prompt: 'free', tools: WEB, maxCredits: 1 }, { mode: 'off' });
    await expect(run.result()).resolves.toMatchObject({ charged: '0', outputs: { out: { text: 'done' } } });
  });

  it('charges what was answered when it is cancelled', async () => {
    desk.model.script('stopped', [{ calls: [ECHO] }, { text: 'too late' }]);
    desk.model.hold('stopped', 1);
    const { team, run } = await start({ prompt: 'stopped', tools: WEB });
    await eventually(() => desk.model.times('stopped', 1) === 1);
    await desk.client.cancelRun(run.workflowId);
    expect(await endOf(run.result())).toBe('cancelled');
    desk.model.release();
    expect(await desk.lines(team, run)).toEqual([CALL(1), TOOL]);
    expect(await desk.reader.run(team, run.runId)).toMatchObject({ holds: [], reservations: {} });
  });

  it('goes on while the ledger is away, and is charged when it is back', async () => {
    desk.model.script('outage', [{ calls: [ECHO] }, { text: 'done' }]);
    desk.model.hold('outage', 1);
    const { team, run } = await start({ prompt: 'outage', tools: WEB });
    await eventually(() => desk.model.times('outage', 1) === 1);
    desk.away = new Set(['commit', 'reserve', 'close']);
    desk.model.release();
    await eventually(
      async () => (await scheduled(run)).filter((each) => each.startsWith('commit')).length === 2,
    );
    desk.away = new Set();
    await expect(run.result()).resolves.toMatchObject({ charged: '32000' });
    expect(await desk.lines(team, run)).toEqual([CALL(2), TOOL]);
  });
});

describe('a private runner that says nonsense', () => {
  const begun = { messages: [{ role: 'user', content: 'x' }], tools: [], reserved: false };
  const answer = { content: null, toolCalls: [], finish: 'stop' };

  it.each<[string, unknown, unknown, unknown]>([
    ['at the beginning', null, answer, null],
    ['of its messages', { ...begun, messages: [{ role: 'tool', content: 'x' }] }, answer, null],
    ['of its tools', { ...begun, tools: [{ name: 'a' }] }, answer, null],
    ['of its answer', begun, 'done', null],
    ['of its calls', begun, { ...answer, toolCalls: [{ id: 1 }] }, null],
    [
      'of a tool',
      { ...begun, tools: [{ name: 'a', server: 's', tool: 't', description: '', parameters: {} }] },
      { ...answer, toolCalls: [{ id: '1', name: 'a', arguments: '{}' }] },
      { content: 5 },
    ],
  ])('%s fails the block, and the run ends', async (_, agentBegin, agentModel, agentTool) => {
    const team = await desk.team('enterprise');
    const runner = await startWorker({
      taskQueue: runnerTaskQueue(team, desk.taskQueue),
      activities: {
        'flowCredits.agentBegin': () => Promise.resolve(agentBegin),
        'flowCredits.agentModel': () => Promise.resolve(agentModel),
        'flowCredits.agentTool': () => Promise.resolve(agentTool),
      },
    });
    const { end, lines } = await endAndLines(await start({ prompt: 'nonsense' }, { team }));
    await runner.stop();
    expect(end).toContain('its private runner answered what no version of it says');
    // What was answered before is paid for.
    expect(lines).toEqual(agentTool === null ? [] : [CALL(1)]);
  });

  it('of its tokens, is charged by the call all the same, and not by tokens', async () => {
    const team = await desk.team('enterprise');
    const runner = await startWorker({
      taskQueue: runnerTaskQueue(team, desk.taskQueue),
      activities: {
        'flowCredits.agentBegin': () => Promise.resolve(begun),
        'flowCredits.agentModel': () =>
          Promise.resolve({ ...answer, content: 'x', inputTokens: -5, outputTokens: 1e300 }),
      },
    });
    const byCall = await endAndLines(await start({ prompt: 'x' }, { team }));
    expect(byCall).toEqual({ end: 'completed', lines: [CALL(1)] });
    const byTokens = await endAndLines(await start({ prompt: 'x', model: 'by-tokens' }, { team }));
    expect(byTokens).toMatchObject({ end: expect.stringContaining('ProviderUsageMissing'), lines: [] });
    await runner.stop();
  });
});

describe('media on a private runner', () => {
  it('are made and kept there, and charged what they cost', async () => {
    const data = [{ b64_json: Buffer.from('a picture').toString('base64') }];
    desk.model.picture({ body: { data, usage: { cost: '0.0125' } } });
    const team = await teamWithRunner();
    const config = { provider: 'local', model: 'painter', prompt: 'a cat' };
    const flow = flowAround({ id: 'm', type: 'ai-media', config });
    const run = await desk.client.startRun({ ...PRIVATELY, team, flow });
    await expect(run.result()).resolves.toMatchObject({ charged: '12500' });
    expect(await desk.lines(team, run)).toEqual(['AI media painter at cost, $0.0125, 1 x 12500 = 12500']);
  });
});
