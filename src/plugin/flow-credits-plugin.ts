import { SimplePlugin } from '@temporalio/plugin';
import { Client } from '@temporalio/client';
import { type Worker } from '@temporalio/worker';
import {
  DEADLINES,
  workflowActivities,
  type ActivityReader,
  type Deadlines,
  type Observer,
  type Submitter,
  type TeamSource,
  type WorkflowDeps,
} from '../activities';
import { type TeamBillingOptions } from '../client/team-billing';
import { type RunContext } from '../contracts/context';
import { ACTIVITY_PREFIX } from '../contracts/names';
import { type MeteringMode } from '../contracts/run';
import { type Observable } from '../ledger';
import { type Pricing } from '../pricing';
import { activityInterceptor } from './interceptors/activity';
import { wakeOnRelease, type WakeSource } from './wake-on-release';

/** What {@link FlowCreditsPlugin} takes: where credits are kept, what they cost, and whose they are. */
export interface FlowCreditsPluginOptions {
  /** The caller opens and closes it; it outlives the worker. */
  readonly ledger: Submitter & WakeSource & Partial<Observable>;
  readonly reader: ActivityReader;
  readonly pricing: Pricing;
  /** Whose credits a workflow uses. One that names no team is not metered. */
  readonly team: TeamSource;
  /** Default `enforce`. `observe` meters and holds nobody back; `off` touches no ledger. */
  readonly mode?: MeteringMode;
  /** What prices may depend on. Default: automated cloud runs. */
  readonly context?: RunContext;
  /** Left out: a workflow waits for credits as long as it takes. */
  readonly longestWaitSeconds?: number;
  readonly deadlines?: Partial<Deadlines>;
  /** Looks at how it works while a worker runs: `flowCreditsMetrics().observer` is one. */
  readonly observer?: Observer;
  /** Where the keepers of teams run. Default: our worker's task queue. */
  readonly teamBilling?: TeamBillingOptions;
}

/**
 * Meters ordinary workflows: one line in `Worker.create({plugins: [...]})`, and in `bundleWorkflowCode` where the
 * workflow code is bundled beforehand. Activities that the rate card's `activities` price are charged; before its first
 * command a workflow asks for admission, and waits in its team's line if it must.
 */
export class FlowCreditsPlugin extends SimplePlugin {
  private readonly settings: FlowCreditsPluginOptions;
  private wakes = false;

  constructor(settings: FlowCreditsPluginOptions) {
    const deps: WorkflowDeps = {
      ledger: settings.ledger,
      reader: settings.reader,
      pricing: settings.pricing,
      deadlines: { ...DEADLINES, ...settings.deadlines },
      searchAttributes: false,
      ...(settings.observer?.activities === undefined ? {} : { observer: settings.observer.activities }),
      workflows: {
        team: settings.team,
        mode: settings.mode ?? 'enforce',
        context: settings.context ?? { trigger: 'api', location: 'cloud' },
        ...(settings.longestWaitSeconds === undefined
          ? {}
          : { longestWaitSeconds: settings.longestWaitSeconds }),
      },
    };
    super({
      name: 'flow-credits',
      activities: (existing) => ({ ...checked(existing ?? {}), ...workflowActivities(deps) }),
      workerInterceptors: {
        activity: [activityInterceptor(deps)],
        workflowModules: [require.resolve('./interceptors/workflow')],
      },
    });
    this.settings = settings;
  }

  /** A charge here may let runs of its team go: their keeper is told. */
  override async runWorker(worker: Worker, next: (worker: Worker) => Promise<void>): Promise<void> {
    const { ledger, observer } = this.settings;
    const stopLooking = observer?.ledger === undefined ? undefined : ledger.observe?.(observer.ledger);
    try {
      await this.runAndWake(worker, next);
    } finally {
      stopLooking?.();
    }
  }

  private async runAndWake(worker: Worker, next: (worker: Worker) => Promise<void>): Promise<void> {
    const { connection } = worker;
    const { dataConverter } = worker.options;
    if (connection === undefined || this.wakes) return super.runWorker(worker, next);
    this.wakes = true;
    const waker = wakeOnRelease(
      new Client({
        connection,
        namespace: worker.options.namespace,
        // The keeper's arguments go through the platform's codec as everything else does.
        ...(dataConverter === undefined ? {} : { dataConverter }),
      }),
      this.settings.ledger,
      // `reconcile` finds the team's row.
      () => undefined,
      this.settings.teamBilling,
    );
    try {
      await super.runWorker(worker, next);
    } finally {
      await waker.close();
    }
  }
}

/** Temporal lets one activity replace another of the same name in silence. */
function checked(activities: object): object {
  const taken = Object.keys(activities).find((name) => name.startsWith(ACTIVITY_PREFIX));
  if (taken === undefined) return activities;
  throw new TypeError(
    `activity "${taken}": names that start with "${ACTIVITY_PREFIX}" belong to FlowCreditsPlugin`,
  );
}
