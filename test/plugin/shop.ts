import { join } from 'node:path';
import { type WorkflowHandle } from '@temporalio/client';
import { type WorkerOptions } from '@temporalio/worker';
import { type Run } from '../../src/ledger/core/types';
import { type ChargeRow } from '../../src/ledger/read/runs';
import { FlowCreditsPlugin, type FlowCreditsPluginOptions } from '../../src/plugin/flow-credits-plugin';
import { loadPricing } from '../../src/pricing';
import { violationsOf } from '../failures/books';
import { uniqueName, withWorker, workflowBundle, type TestWorkerOptions } from '../support';
import { openDesk, type Desk, type DeskOptions } from '../workflows/desk';

export const actor = 'ops@example.com';
export const CARD = join(__dirname, 'card.json');

/** A platform with workflows of its own, beside our worker, on the shared servers. */
export interface Shop {
  readonly desk: Desk;
  plugin(options?: Partial<FlowCreditsPluginOptions>): FlowCreditsPlugin;
  /** Options of its worker, on a task queue of its own: the plugin is the one line that is added. */
  options(plugin: FlowCreditsPlugin | null, more?: Partial<WorkerOptions>): Promise<TestWorkerOptions>;
  /** Runs `use` while its worker does, and gives the worker's task queue. */
  open<T>(
    plugin: FlowCreditsPlugin | null,
    more: Partial<WorkerOptions>,
    use: (taskQueue: string) => Promise<T>,
  ): Promise<T>;
  start(taskQueue: string, type: string, args: unknown, more?: object): Promise<WorkflowHandle>;
  /** The team's runs, oldest first. */
  runs(team: string): Promise<readonly Run[]>;
  /** All charges of a team's only run. */
  charges(team: string): Promise<readonly ChargeRow[]>;
  /** The types of a workflow's events, in order. */
  events(handle: Pick<WorkflowHandle, 'workflowId'>): Promise<readonly string[]>;
  /** What `verify` finds wrong with the team. */
  violations(team: string): Promise<readonly unknown[]>;
}

/** `workflowsPath` is its code: nothing in it knows of credits. */
export async function openShop(workflowsPath: string, options: DeskOptions = {}): Promise<Shop> {
  const desk = await openDesk({ pricing: loadPricing({ cardFiles: [CARD] }), ...options });
  const { ledger, reader, pricing, taskQueue: keepers } = desk;
  const shop: Shop = {
    desk,
    plugin: (more = {}) =>
      new FlowCreditsPlugin({
        ledger,
        reader,
        pricing,
        team: 'args[0].team',
        teamBilling: { taskQueue: keepers, lingerMs: 200 },
        ...more,
      }),
    options: async (plugin, more = {}) => {
      const plugins = [...(plugin === null ? [] : [plugin]), ...(more.plugins ?? [])];
      return {
        taskQueue: uniqueName('shop'),
        workflowBundle: await workflowBundle({ workflowsPath, plugins }),
        ...more,
        plugins,
      };
    },
    open: async (plugin, more, use) => {
      const worker = await shop.options(plugin, more);
      return withWorker(worker, () => use(worker.taskQueue));
    },
    start: (taskQueue, type, args, more = {}) =>
      desk.temporal.workflow.start(type, {
        taskQueue,
        workflowId: uniqueName('order'),
        args: [args],
        ...more,
      }),
    runs: async (team) => [...(await reader.runs(team, { limit: 100 }))].reverse(),
    charges: async (team) => {
      const [run, ...others] = await shop.runs(team);
      if (run === undefined || others.length > 0) throw new Error(`team "${team}" has not one run`);
      return reader.charges(team, run.runId);
    },
    events: async ({ workflowId }) => {
      const { events } = await desk.temporal.workflow.getHandle(workflowId).fetchHistory();
      return (events ?? []).map(({ eventType }) => String(eventType));
    },
    violations: (team) => violationsOf(desk.pool, pricing, team),
  };
  return shop;
}
