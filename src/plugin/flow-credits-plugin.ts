import { SimplePlugin } from '@temporalio/plugin';
import { Client, type ClientOptions } from '@temporalio/client';
import {
  type BundleOptions,
  type ReplayWorkerOptions,
  type Worker,
  type WorkerOptions,
} from '@temporalio/worker';
import {
  DEADLINES,
  idleWorkflowActivities,
  workflowActivities,
  type WorkflowActivities,
  type WorkflowDeps,
} from '../activities';
import { ACTIVITY_PREFIX } from '../contracts/names';
import { checkWorker } from './check-worker';
import { activityInterceptor } from './interceptors/activity';
import { teamInterceptors } from './interceptors/client';
import { withSettings } from './interceptors/settings';
import { type Keeper } from './keeper';
import { checkedOptions, type CheckedOptions, type FlowCreditsPluginOptions } from './plugin-options';
import { wakeOnRelease } from './wake-on-release';

export { type AroundOptions, type FlowCreditsPluginOptions } from './plugin-options';

/**
 * Meters ordinary workflows: one line in `Worker.create({plugins: [...]})`, and in `bundleWorkflowCode` where the
 * workflow code is bundled beforehand. Activities that the rate card's `activities` price are charged; before its first
 * command a workflow asks for admission, and waits in its team's line if it must. In a `Client` (or its `Connection`) it
 * names the team of `withTeam` in each start.
 *
 * Throws a `TypeError` on settings that make no sense, here or when the worker is created.
 */
export class FlowCreditsPlugin extends SimplePlugin {
  private readonly settings: FlowCreditsPluginOptions;
  private readonly checked: CheckedOptions;
  private readonly woken = new WeakSet<Worker>();
  private readonly ours: WorkflowActivities;
  private readonly naming: ReturnType<typeof teamInterceptors>;
  private readonly module: string;

  constructor(settings: FlowCreditsPluginOptions) {
    const checked = checkedOptions(settings);
    const deps = depsOf(settings, checked);
    const ours = deps === null ? idleWorkflowActivities() : workflowActivities(deps);
    const naming = teamInterceptors(checked.place);
    const module = withSettings(require.resolve('./interceptors/workflow'), checked.bundle);
    super({
      name: 'flow-credits',
      activities: (existing) => ({ ...withoutOurs(existing ?? {}), ...ours }),
      clientInterceptors: naming,
      workerInterceptors: {
        ...(deps === null ? {} : { activity: [activityInterceptor(deps)] }),
        workflowModules: [module],
      },
    });
    this.settings = settings;
    this.checked = checked;
    this.ours = ours;
    this.naming = naming;
    this.module = module;
  }

  // Temporal hands a connection's plugins on to its clients and workers: one that is named in both places acts once.

  override configureClient(options: ClientOptions): ClientOptions {
    const { interceptors } = options;
    const [ours] = this.naming.workflow;
    const known: unknown = interceptors?.workflow;
    return Array.isArray(known) && known.includes(ours) ? options : super.configureClient(options);
  }

  override configureWorker(options: WorkerOptions): WorkerOptions {
    const { 'flowCredits.close': close } = this.ours;
    if (Object.values(options.activities ?? {}).includes(close)) return options;
    checkWorker(options, this.settings, this.checked);
    return super.configureWorker(options);
  }

  override configureReplayWorker(options: ReplayWorkerOptions): ReplayWorkerOptions {
    const known = options.interceptors?.workflowModules ?? [];
    return known.includes(this.module) ? options : super.configureReplayWorker(options);
  }

  override configureBundler(options: BundleOptions): BundleOptions {
    const known = options.workflowInterceptorModules ?? [];
    return known.includes(this.module) ? options : super.configureBundler(options);
  }

  /** A charge here may let runs of its team go: their keeper is told. */
  override async runWorker(worker: Worker, next: (worker: Worker) => Promise<void>): Promise<void> {
    const { ledger, observer } = this.settings;
    const stopLooking = observer?.ledger === undefined ? undefined : ledger?.observe?.(observer.ledger);
    try {
      await this.runAndWake(worker, next);
    } finally {
      stopLooking?.();
    }
  }

  private async runAndWake(worker: Worker, next: (worker: Worker) => Promise<void>): Promise<void> {
    const { connection } = worker;
    const { ledger, teamBilling } = this.settings;
    if (connection === undefined || ledger === undefined || this.woken.has(worker)) {
      return super.runWorker(worker, next);
    }
    this.woken.add(worker);
    const { dataConverter, namespace } = worker.options;
    // The keeper's arguments go through the platform's codec as everything else does.
    const converter = dataConverter === undefined ? {} : { dataConverter };
    const client = new Client({ connection, namespace, ...converter });
    const keeper: Keeper =
      this.settings.keeper ??
      // A wake that fails is nobody's loss: `reconcile` finds the team's row.
      ((ofWorker) => wakeOnRelease(ofWorker, ledger, () => undefined, teamBilling));
    const { close } = keeper(client);
    try {
      await super.runWorker(worker, next);
    } finally {
      await close();
    }
  }
}

function depsOf(settings: FlowCreditsPluginOptions, checked: CheckedOptions): WorkflowDeps | null {
  const { ledger, reader, pricing, deadlines, longestWaitSeconds, observer } = settings;
  if (ledger === undefined || reader === undefined || pricing === undefined) return null;
  const { mode, context, source } = checked;
  return {
    ledger,
    reader,
    pricing,
    deadlines: { ...DEADLINES, ...deadlines },
    searchAttributes: false,
    ...(observer?.activities === undefined ? {} : { observer: observer.activities }),
    workflows: {
      team: source,
      mode,
      context,
      ...(longestWaitSeconds === undefined ? {} : { longestWaitSeconds }),
    },
  };
}

/** Temporal lets one activity replace another of the same name in silence. */
function withoutOurs(activities: object): object {
  const taken = Object.keys(activities).find((name) => name.startsWith(ACTIVITY_PREFIX));
  if (taken === undefined) return activities;
  throw new TypeError(
    `activity "${taken}": names that start with "${ACTIVITY_PREFIX}" belong to FlowCreditsPlugin; is there another one of it?`,
  );
}
