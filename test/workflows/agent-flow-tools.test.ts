import { beforeAll, describe, expect, it } from '@jest/globals';
import { Worker } from '@temporalio/worker';
import { type StartedRun, type StartRun } from '../../src/client';
import { type FlowInput } from '../../src/contracts/flow';
import { type Json } from '../../src/contracts/json';
import { violationsOf } from '../failures/books';
import { eventually, uniqueName, workflowBundle } from '../support';
import { agentFlow, openAgentDesk, type AgentDesk } from './agent-desk';
import { endOf } from './run-ends';

let desk: AgentDesk;
beforeAll(async () => {
  desk = await openAgentDesk();
});

const PARAMETERS = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };

function tool(name: string, flow: Json): Record<string, Json> {
  return { kind: 'flow', name, description: `What ${name} does`, parameters: PARAMETERS, flow };
}

function block(id: string, type: string, config: Record<string, Json> = {}) {
  return { id, type, config };
}

/** A chain from `start` to `output`, without a name. */
function chain(...blocks: readonly ReturnType<typeof block>[]) {
  const all = [block('start', 'start'), ...blocks, block('out', 'output', { name: 'answer' })];
  const connections = all.slice(1).map(({ id }, place) => ({ from: all[place]?.id ?? '', to: id }));
  return { blocks: all, connections };
}

/** Asks a server about a city, and hands on what it is called. */
function lookup(id: string) {
  return chain(
    block('get', 'http-request', { url: `${desk.gate.url}/${id}/{{ input.city }}` }),
    block('pick', 'evaluate', { expression: 'input.body.block & "!"' }),
  );
}

async function start(
  team: string,
  id: string,
  tools: readonly Json[],
  options: Partial<StartRun> = {},
): Promise<StartedRun> {
  const config = { prompt: id, tools: [...tools] };
  return desk.startAgent(team, config, { trigger: 'api', workflowId: id, ...options });
}

async function charges(team: string, run: StartedRun): Promise<readonly string[]> {
  expect(await violationsOf(desk.pool, desk.pricing, team)).toEqual([]);
  expect(await desk.reader.run(team, run.runId)).toMatchObject({ holds: [], reservations: {} });
  const all = await desk.reader.charges(team, run.runId);
  return all.map(({ key, amount }) => `${key} ${String(amount)}`).sort();
}

/** What the model was told of its calls, in order. */
function told(script: string): readonly (string | null | undefined)[] {
  const last = desk.model.calls.filter((call) => call.script === script).at(-1);
  return (last?.request.messages ?? []).filter(({ role }) => role === 'tool').map(({ content }) => content);
}

async function replays(run: StartedRun): Promise<void> {
  const history = await desk.temporal.workflow.getHandle(run.workflowId).fetchHistory();
  const bundle = await workflowBundle({ workflowsPath: require.resolve('../../src/workflows') });
  await Worker.runReplayHistory({ workflowBundle: bundle }, history, run.workflowId);
}

describe('a flow as a tool of an agent', () => {
  it('is executed for each call; its blocks are charged once each, and the agent as ever', async () => {
    const id = uniqueName('run');
    desk.gate.open();
    desk.model.script(id, [
      {
        calls: [
          ['lookup', { city: 'oslo' }],
          ['lookup', { city: 'rome' }],
        ],
      },
      { calls: [['lookup', { city: 'bern' }]] },
      { text: 'done' },
    ]);
    const team = await desk.team('enterprise');
    const run = await start(team, id, [tool('lookup', lookup(id))]);
    const { outputs, charged } = await run.result();
    expect(outputs['out']).toEqual({ text: 'done', finish: 'stop', steps: 3, toolCalls: 3 });
    expect(told(id)).toEqual(['oslo', 'rome', 'bern'].map((city) => JSON.stringify({ answer: `${city}!` })));
    const [first] = desk.model.calls.filter(({ script }) => script === id);
    expect(first?.request.tools).toEqual([{ function: { name: 'lookup' } }]);
    expect(await charges(team, run)).toEqual([
      'agent 45000',
      'agent/lookup#0/get 1000',
      'agent/lookup#0/pick 1000',
      'agent/lookup#1/get 1000',
      'agent/lookup#1/pick 1000',
      'agent/lookup#2/get 1000',
      'agent/lookup#2/pick 1000',
    ]);
    expect(charged).toBe('51000');
    await replays(run);
  });

  it('is not called with arguments that do not fit: the model is told what is wrong, and nothing is charged', async () => {
    const id = uniqueName('run');
    desk.gate.open();
    desk.model.script(id, [
      {
        calls: [
          ['lookup', { city: 7 }],
          ['lookup', { town: 'oslo' }],
          ['lookup', '"oslo"'],
          ['lookup', { city: 'oslo' }],
        ],
      },
      { text: 'done' },
    ]);
    const team = await desk.team('enterprise');
    const run = await start(team, id, [tool('lookup', lookup(id))]);
    const { outputs } = await run.result();
    // Calls that were made.
    expect(outputs['out']).toMatchObject({ text: 'done', steps: 2, toolCalls: 1 });
    const wrong = 'error: the arguments do not fit the parameters of "lookup":';
    expect(told(id)).toEqual([
      `${wrong} /city must be string`,
      `${wrong} must have required property 'city'`,
      'error: the arguments are no JSON object',
      JSON.stringify({ answer: 'oslo!' }),
    ]);
    expect(desk.gate.calls.filter((call) => call.run === id)).toHaveLength(1);
    expect(await charges(team, run)).toEqual([
      'agent 30000',
      'agent/lookup#0/get 1000',
      'agent/lookup#0/pick 1000',
    ]);
    await replays(run);
  });

  it('that is called wrongly again and again ends the agent by its limit of steps', async () => {
    const id = uniqueName('run');
    desk.model.script(id, [{ calls: [['lookup', {}]] }]);
    const team = await desk.team('enterprise');
    const config = { prompt: id, maxSteps: 3, tools: [tool('lookup', lookup(id))] };
    const run = await desk.startAgent(team, config, { trigger: 'api', workflowId: id });
    await expect(run.result()).rejects.toMatchObject({ cause: { details: [{ cause: 'AgentStepLimit' }] } });
    expect(await charges(team, run)).toEqual(['agent 45000']);
  });

  it('with parameters that cannot be applied is not called, and its model is not asked twice', async () => {
    const id = uniqueName('run');
    desk.model.script(id, [{ calls: [['lookup', { city: `${'a'.repeat(40)}!` }]] }, { text: 'done' }]);
    const parameters = { type: 'object', properties: { city: { type: 'string', pattern: '^(a+)+$' } } };
    const team = await desk.team('enterprise');
    const run = await start(team, id, [{ ...tool('lookup', lookup(id)), parameters }]);
    await run.result();
    expect(told(id)).toEqual([expect.stringContaining('the evaluation took longer than')]);
    expect([0, 1].map((step) => desk.model.times(id, step))).toEqual([1, 1]);
    expect(await charges(team, run)).toEqual(['agent 30000']);
  });

  it('that fails tells the model why, and the run goes on', async () => {
    const id = uniqueName('run');
    desk.model.script(id, [{ calls: [['bad', { city: 'oslo' }]] }, { text: 'sorry' }]);
    const team = await desk.team('enterprise');
    const flow = chain(
      block('a', 'evaluate', { expression: '1' }),
      block('b', 'evaluate', { expression: '$error("no such city")' }),
    );
    const run = await start(team, id, [tool('bad', flow)]);
    const { outputs } = await run.result();
    expect(outputs['out']).toMatchObject({ text: 'sorry', toolCalls: 1 });
    expect(told(id)).toEqual([expect.stringMatching(/^error: block "agent\/bad#0\/b": .*no such city/)]);
    expect(await charges(team, run)).toContain('agent/bad#0/a 1000');
  });

  it('may be one of the flows that the run brings, with loops, and with an agent that has tools', async () => {
    const id = uniqueName('run');
    desk.gate.open();
    desk.model.script(id, [{ calls: [['expert', { city: 'oslo' }]] }, { text: 'done' }]);
    desk.model.script(`${id}-inner`, [{ calls: [['lookup', { city: 'rome' }]] }, { text: 'Rome' }]);
    const each = block('each', 'for', {
      items: [1, 2],
      body: chain(block('h', 'evaluate', { expression: 'input.item' })),
    });
    const expert = block('expert', 'ai-agent', {
      provider: 'local',
      model: 'gpt-4o-mini',
      prompt: `${id}-inner`,
      tools: [tool('lookup', { ref: 'lookup' })],
    });
    const flows: Record<string, FlowInput> = {
      lookup: { name: 'lookup', ...lookup(id) },
      expert: { name: 'expert', ...chain(each, expert) },
    };
    const team = await desk.team('enterprise');
    const run = await start(team, id, [tool('expert', { ref: 'expert' })], { flows });
    await run.result();
    expect(told(`${id}-inner`)).toEqual([JSON.stringify({ answer: 'rome!' })]);
    expect(await charges(team, run)).toEqual([
      'agent 30000',
      'agent/expert#0/each[0]/h 1000',
      'agent/expert#0/each[1]/h 1000',
      'agent/expert#0/expert 2000',
      'agent/expert#0/expert/lookup#0/get 1000',
      'agent/expert#0/expert/lookup#0/pick 1000',
    ]);
    await replays(run);
    // Not the flows themselves: they would be in the history with each step.
    const history = await desk.temporal.workflow.getHandle(run.workflowId).fetchHistory();
    const steps = (history.events ?? []).flatMap((event) => {
      const scheduled = event.activityTaskScheduledEventAttributes;
      const [payload] = scheduled?.input?.payloads ?? [];
      return scheduled?.activityType?.name?.includes('agent') === true
        ? [Buffer.from(payload?.data ?? []).toString('utf8')]
        : [];
    });
    expect(steps.length).toBeGreaterThan(4);
    expect(steps.join('\n')).not.toContain('input.body.block');
  });

  it('beside logic of the run itself replays: all of it goes through one lane', async () => {
    const id = uniqueName('run');
    desk.gate.open();
    const calls = (city: string): [string, Json][] => [
      ['lookup', { city }],
      ['lookup', { city: `${city}2` }],
    ];
    desk.model.script(id, [{ calls: calls('oslo') }, { calls: calls('rome') }, { text: 'done' }]);
    const logic = Array.from({ length: 12 }, (_, n) =>
      block(`n${String(n)}`, 'evaluate', { expression: '1 + 1' }),
    );
    const around = agentFlow({ prompt: id, tools: [tool('lookup', lookup(id)), tool('other', lookup(id))] });
    const wait = block('wait', 'delay', { duration: 'PT0.3S' });
    const beside = [wait, ...logic].map(({ id: to }, place, all) => ({
      from: all[place - 1]?.id ?? 'start',
      to,
    }));
    const team = await desk.team('enterprise');
    const flow = {
      ...around,
      blocks: [...around.blocks, wait, ...logic],
      connections: [...(around.connections ?? []), ...beside],
    };
    const run = await desk.client.startRun({ team, trigger: 'api', flow, workflowId: id });
    await run.result();
    expect(told(id)).toEqual(
      ['oslo', 'oslo2', 'rome', 'rome2'].map((city) => JSON.stringify({ answer: `${city}!` })),
    );
    await replays(run);
  });

  it('is cancelled with its run: its blocks end, and are charged, before the close', async () => {
    const id = uniqueName('run');
    desk.gate.shut();
    desk.model.script(id, [
      {
        calls: [
          ['slow', { city: 'oslo' }],
          ['slow', { city: 'rome' }],
        ],
      },
    ]);
    const team = await desk.team('enterprise');
    const flow = chain(
      block('first', 'evaluate', { expression: 'input' }),
      block('get', 'http-request', { url: `${desk.gate.url}/${id}/{{ input.city }}` }),
    );
    const run = await start(team, id, [tool('slow', flow)]);
    const asked = (): readonly string[] =>
      desk.gate.calls.filter((call) => call.run === id).map(({ block: city }) => city);
    await eventually(() => asked().length === 1);
    await desk.temporal.workflow.getHandle(run.workflowId).cancel();
    expect(await endOf(run.result())).toBe('cancelled');
    desk.gate.open();
    const all = await charges(team, run);
    expect(all).toEqual(expect.arrayContaining(['agent 15000', 'agent/slow#0/first 1000']));
    expect(all.filter((line) => line.includes('slow#1'))).toEqual([]);
    expect(asked()).toEqual(['oslo']);
    await replays(run);
  });

  it('gives the model no more than a tool may', async () => {
    const id = uniqueName('run');
    desk.model.script(id, [{ calls: [['long', { city: 'oslo' }]] }, { text: 'done' }]);
    const team = await desk.team('enterprise');
    const flow = chain(block('a', 'evaluate', { expression: '$pad("", 30000, "é")' }));
    await (await start(team, id, [tool('long', flow)])).result();
    const [content] = told(id);
    expect(content).toMatch(/^\{"answer":"é+\n\[cut: the first 16 kB of 59 kB\]$/);
  });

  it('ends when it does too much for one execution; the run goes on as new after the agent', async () => {
    const id = uniqueName('run');
    desk.model.script(id, [{ calls: [['long', { city: 'oslo' }]] }, { text: 'done' }]);
    const body = chain(block('h', 'evaluate', { expression: '1' }));
    const long = chain(block('round', 'repeat', { times: 100, body }));
    const around = agentFlow({ prompt: id, tools: [tool('long', long)] });
    const after = block('after', 'evaluate', { expression: 'input.text' });
    const flow = {
      ...around,
      blocks: [...around.blocks, after],
      connections: [
        { from: 'start', to: 'agent' },
        { from: 'agent', to: 'after' },
        { from: 'after', to: 'out' },
      ],
    };
    const team = await desk.team('enterprise');
    const run = await desk.client.startRun({
      team,
      trigger: 'api',
      flow,
      workflowId: id,
      blocksPerExecution: 10,
    });
    const { outputs } = await run.result();
    expect(outputs['out']).toBe('done');
    expect(told(id)).toEqual([
      expect.stringMatching(
        /^error: block "agent\/long#0": the run has executed 50 blocks.*let them do less$/,
      ),
    ]);
    // The agent is the first of the fifty.
    const inner = Array.from({ length: 49 }, (_, n) => `agent/long#0/round[${String(n)}]/h 1000`);
    expect(await charges(team, run)).toEqual(['after 1000', 'agent 30000', ...inner].sort());
    const history = await desk.temporal.workflow.getHandle(run.workflowId).fetchHistory();
    const started = history.events?.[0]?.workflowExecutionStartedEventAttributes;
    expect(started?.continuedExecutionRunId).toMatch(/./);
  });
});
