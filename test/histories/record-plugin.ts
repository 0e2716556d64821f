import { join } from 'node:path';
import { Client, type WorkflowHandle } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { FlowCreditsClient } from '../../src/client';
import { connectionFromEnv, temporalSettings } from '../../src/client/connection';
import { startStack } from '../../src/dev/stack';
import { startStackWorker } from '../../src/dev/worker';
import { openLedger } from '../../src/ledger';
import { openReader } from '../../src/ledger/read';
import { FlowCreditsPlugin, type FlowCreditsPluginOptions } from '../../src/plugin/flow-credits-plugin';
import { loadPricing } from '../../src/pricing';
import { orderActivities } from '../plugin/activities';

const TEAM = 'acme';
const EMPTY = 'spent';
export const THERE = 'elsewhere';

type Step = (handle: WorkflowHandle) => Promise<unknown>;

/** A workflow over several workers, one after the other: each does a step and is stopped. Null: without the plugin. */
interface Life {
  readonly name: string;
  readonly path: string;
  readonly type: string;
  readonly args: object;
  readonly workers: readonly (readonly [Partial<FlowCreditsPluginOptions> | null, Step])[];
}

const untilDone: Step = (handle) => handle.result();

/** Until so many activities have been scheduled, and what is known of them has been handled. */
function untilActivities(count: number): Step {
  // After the last result its workflow task is over as well: nothing is under way.
  return until((types) => types.filter((type) => type === 12).length >= count && types.at(-1) === 7);
}

function until(there: (types: readonly number[]) => boolean): Step {
  return async (handle) => {
    for (;;) {
      const { events } = await handle.fetchHistory();
      const types = (events ?? []).map(({ eventType }) => Number(eventType));
      if (there(types)) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
}

const goOn: Step = async (handle) => {
  await handle.signal('goOn');
  await handle.result();
};

const ORDERS = require.resolve('../plugin/workflows');
const FAMILY = require.resolve('../plugin/family-workflows');
const AROUND = require.resolve('../plugin/around-workflows');
const LOCAL = require.resolve('../plugin/attempts-workflows');

/** Which workflow code a history is of. */
export function workflowsOf(name: string): string {
  if (name.includes('-family-')) return FAMILY;
  if (name.includes('-around')) return AROUND;
  return name.includes('-local') ? LOCAL : ORDERS;
}

const inTwoSteps = { path: ORDERS, type: 'handleInTwoSteps', args: { team: TEAM, id: 'x' } };
const around = { around: { taskQueues: [THERE] } };
const off: Partial<FlowCreditsPluginOptions> = { mode: 'off' };

const LIVES: readonly Life[] = [
  { ...inTwoSteps, name: 'plugin-metered', workers: [[{}, untilActivities(1)], [{}, goOn]] },
  { ...inTwoSteps, name: 'plugin-turned-on', workers: [[null, untilActivities(1)], [{}, goOn]] },
  { ...inTwoSteps, name: 'plugin-switched-on', workers: [[off, untilActivities(1)], [{}, goOn]] },
  { ...inTwoSteps, name: 'plugin-turned-off', workers: [[{}, untilActivities(1)], [off, goOn]] },
  {
    ...inTwoSteps,
    name: 'plugin-observed-then-enforced',
    workers: [[{ mode: 'observe' }, untilActivities(1)], [{}, goOn]],
  },
  {
    ...inTwoSteps,
    name: 'plugin-team-elsewhere',
    workers: [[{}, untilActivities(1)], [{ team: { memo: 'team' } }, goOn]],
  },
  {
    ...inTwoSteps,
    name: 'plugin-team-by-code',
    workers: [[{ team: () => TEAM }, untilActivities(1)], [{}, goOn]],
  },
  {
    ...inTwoSteps,
    name: 'plugin-waited',
    args: { team: EMPTY, id: 'x' },
    // The marker of its admission is there; it waits.
    workers: [[{}, until((types) => types.filter((type) => type === 25).length >= 2)], [{}, goOn]],
  },
  {
    name: 'plugin-continued',
    path: ORDERS,
    type: 'handleInRounds',
    args: { team: TEAM, id: 'x', rounds: 2 },
    workers: [[{}, untilDone]],
  },
  {
    name: 'plugin-family-parent',
    path: FAMILY,
    type: 'parent',
    args: { team: TEAM, id: 'plugin-family-child' },
    workers: [[{}, untilDone]],
  },
  {
    name: 'plugin-local',
    path: LOCAL,
    type: 'doing',
    args: { team: TEAM, activity: 'lookUp', local: {} },
    workers: [[{}, untilDone]],
  },
  {
    name: 'plugin-around',
    path: AROUND,
    type: 'elsewhere',
    args: { team: TEAM, activity: 'attempt', taskQueue: THERE, times: 2 },
    workers: [[around, untilDone]],
  },
  {
    name: 'plugin-around-turned-on',
    path: AROUND,
    type: 'elsewhereInTurn',
    args: { team: TEAM, activity: 'attempt', taskQueue: THERE },
    workers: [[{}, untilActivities(1)], [around, goOn]],
  },
];

/** Ordinary workflows under the plugin, as it is turned on, off and otherwise under them. */
export async function recordPlugin(
  record: (name: string, handle: WorkflowHandle) => Promise<void>,
): Promise<void> {
  const stack = await startStack({ headless: true, schedules: false });
  const pricing = loadPricing({ cardFiles: [join(__dirname, '../plugin/card.json')] });
  const ledger = await openLedger({ databaseUrl: stack.databaseUrl, rules: pricing });
  const reader = openReader(stack.databaseUrl, pricing);
  const settings = temporalSettings(stack.env);
  const native = await NativeConnection.connect(settings.connection);
  const { connection, namespace } = await connectionFromEnv(settings);
  const keeper = await startStackWorker(stack);
  try {
    const temporal = new Client({ connection, namespace });
    const client = new FlowCreditsClient({ client: temporal, teamBilling: { lingerMs: 500 } });
    for (const team of [TEAM, EMPTY]) await client.upsertTeam(team, { plan: 'enterprise', anchor: '2026-11-01T00:00:00' });
    await client.adjustCredits(EMPTY, { actor: 'recorder', credits: '-500', reason: 'empty' });

    const worker = (path: string, taskQueue: string, options: Partial<FlowCreditsPluginOptions> | null): Promise<Worker> => {
      const all = { ledger, reader, pricing, team: 'args[0].team', ...options };
      const { mode, team } = all;
      const plugin = new FlowCreditsPlugin(mode === 'off' ? { mode, team } : all);
      return Worker.create({
        connection: native,
        namespace,
        taskQueue,
        workflowsPath: path,
        activities: orderActivities(),
        plugins: options === null ? [] : [plugin],
      });
    };
    const there = await Worker.create({
      connection: native,
      namespace,
      taskQueue: THERE,
      activities: { attempt: () => Promise.resolve('done') },
    });
    await there.runUntil(async () => {
      for (const { name, path, type, args, workers } of LIVES) {
        const handle = await temporal.workflow.start(type, { taskQueue: name, workflowId: name, args: [args] });
        for (const [options, step] of workers) {
          await (await worker(path, name, options)).runUntil(() => step(handle));
          if (name === 'plugin-waited') {
            await client.setPayAsYouGo(EMPTY, { actor: 'recorder', enabled: true, uncapped: true });
          }
        }
        await record(name, temporal.workflow.getHandle(name));
      }
      await record('plugin-family-child', temporal.workflow.getHandle('plugin-family-child-two'));
    });
  } finally {
    await keeper.stop();
    await connection.close();
    await native.close();
    await reader.close();
    await ledger.close();
    await stack.stop();
  }
}
