import { z } from 'zod';
import {
  type ActivityReader,
  type Deadlines,
  type Observer,
  type Submitter,
  type TeamSource,
} from '../activities';
import { type TeamBillingOptions } from '../client/team-billing';
import { runContextSchema, type RunContext } from '../contracts/context';
import { meteringModeSchema, type MeteringMode } from '../contracts/run';
import { argumentPath, type TeamPlace } from '../contracts/team-source';
import { type Observable } from '../ledger';
import { type Pricing } from '../pricing';
import { type BundleSettings } from './interceptors/settings';
import { type Keeper } from './keeper';
import { type WakeSource } from './wake-on-release';

/** Where activities are executed that no ledger can be reached from: another language, a customer's machine. */
export interface AroundOptions {
  /** All activities that are sent to these task queues. */
  readonly taskQueues?: readonly string[];
  /** These activities, wherever they are executed. */
  readonly activities?: readonly string[];
  /** Where such an activity's result tells what it used, `stats.usage`. A fixed price needs none. */
  readonly usage?: string;
}

/** What {@link FlowCreditsPlugin} takes: where credits are kept, what they cost, and whose they are. */
export interface FlowCreditsPluginOptions {
  /**
   * Whose credits a workflow uses: `'args[0].teamId'`, `{argument}`, `{header}`, `{memo}`, `{searchAttribute}`, or code,
   * which runs in the worker. A workflow that names no team is not metered; unless it is for code to say, it has not an
   * event more either.
   */
  readonly team: string | TeamSource;
  /** For a worker. The caller opens and closes it; it outlives the worker. */
  readonly ledger?: Submitter & WakeSource & Partial<Observable>;
  /** For a worker. */
  readonly reader?: ActivityReader;
  /** For a worker: rate cards whose `activities` have prices. */
  readonly pricing?: Pricing;
  /**
   * Default `enforce`. `observe` meters and holds nobody back. `off` meters no new workflow, and needs no ledger: those
   * under the meter go on without, unless they are given one.
   */
  readonly mode?: MeteringMode;
  /** What prices may depend on. Default: automated cloud runs. */
  readonly context?: RunContext;
  /** Left out: a workflow waits for credits as long as it takes. */
  readonly longestWaitSeconds?: number;
  /** Activities that their workflow meters around: reserved before, committed after. */
  readonly around?: AroundOptions;
  readonly deadlines?: Partial<Deadlines>;
  /** Looks at how it works while a worker runs: `flowCreditsMetrics().observer` is one. */
  readonly observer?: Observer;
  /** Where the keepers of teams run. Default: our worker's task queue. */
  readonly teamBilling?: TeamBillingOptions;
  /** Releases waiting workflows from this process instead of by our worker: for tests, see `./testing`. */
  readonly keeper?: Keeper;
}

const path = z
  .string()
  .refine(
    (text) => argumentPath(text) !== null,
    'must be a path into the arguments, such as "args[0].teamId"',
  );
const name = z.string().min(1, 'must not be empty');

const settingsSchema = z.object({
  team: z.union(
    [
      path.transform((argument): TeamPlace => ({ argument })),
      z.strictObject({ argument: path }),
      z.strictObject({ header: name }),
      z.strictObject({ memo: name }),
      z.strictObject({ searchAttribute: name }),
      z.custom<(...args: never) => unknown>((value) => typeof value === 'function').transform(() => null),
    ],
    {
      error: ({ input }) =>
        `${told(input)} must be a path into the arguments ("args[0].teamId"), {header}, {memo}, {searchAttribute}, or a function`,
    },
  ),
  mode: meteringModeSchema.default('enforce'),
  context: runContextSchema.default({ trigger: 'api', location: 'cloud' }),
  longestWaitSeconds: z.int().positive().optional(),
  around: z
    .strictObject({
      taskQueues: z.array(name).default([]),
      activities: z.array(name).default([]),
      usage: z
        .string()
        .regex(/^[^.\s]+(\.[^.\s]+)*$/, 'must be a path into the result, such as "stats.usage"')
        .optional(),
    })
    .default({ taskQueues: [], activities: [] }),
});

/** What the options come to; `place` is null where code finds the team. */
export interface CheckedOptions {
  readonly mode: MeteringMode;
  readonly context: RunContext;
  readonly place: TeamPlace | null;
  readonly source: TeamSource;
  readonly bundle: BundleSettings;
}

/** Throws a `TypeError` that names the option, its value and the way out. */
export function checkedOptions(options: FlowCreditsPluginOptions): CheckedOptions {
  const parsed = settingsSchema.safeParse(options);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path: at, message }) => `${at.join('.')}: ${message}`);
    throw new TypeError(`FlowCreditsPlugin: ${faults.join('; ')}`);
  }
  const { team: place, mode, context, around } = parsed.data;
  const source = typeof options.team === 'function' ? options.team : place;
  if (source === null)
    throw new TypeError(`FlowCreditsPlugin: team: ${told(options.team)} is no source of teams`);
  const usage = around.usage?.split('.') ?? [];
  return {
    mode,
    context,
    place,
    source,
    bundle: {
      on: mode !== 'off',
      team: place,
      around: { taskQueues: around.taskQueues, activities: around.activities, usage },
    },
  };
}

function told(value: unknown): string {
  return value === undefined ? 'it is missing and' : JSON.stringify(value);
}
