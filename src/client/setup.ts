import { Client, type Connection } from '@temporalio/client';
import { Client as PgClient } from 'pg';
import { TASK_QUEUE } from '../contracts/names';
import { migrate } from '../ledger/migrations';
import { ensureSchedules, type ScheduleOutcome } from './schedules';
import { ensureSearchAttributes, type SearchAttributesReport } from './search-attributes';

/** Database roles that the migrations make where they may; a login role becomes a member of one of them. */
const ROLES = ['flow_credits_worker', 'flow_credits_reader'] as const;

export type RoleOutcome = 'created' | 'present' | 'missing';

export interface SetupOptions {
  readonly connection: Connection;
  readonly namespace: string;
  readonly databaseUrl: string;
  /** How often `monthlyReset` and `reconcile` run, in seconds. Default 60. */
  readonly everySeconds?: number;
  /** Left out: the worker's own. */
  readonly taskQueue?: string;
  /** False leaves the schedules as they are: for stacks whose tests start those workflows themselves. */
  readonly schedules?: boolean;
}

/** What was done, and what was there already. */
export interface SetupReport {
  readonly namespace: string;
  readonly migrations: { readonly applied: readonly string[] };
  /** `missing`: who migrates may not create roles; an administrator does, and repeats the setup. */
  readonly roles: Readonly<Record<string, RoleOutcome>>;
  readonly searchAttributes: SearchAttributesReport;
  /** By schedule id; empty where schedules were left alone. */
  readonly schedules: Readonly<Record<string, ScheduleOutcome>>;
}

/**
 * Prepares a database and a Temporal namespace for the worker. Safe to repeat, and from several processes at once.
 * The schedules come last: what they start finds everything else in place.
 */
export async function setUp(options: SetupOptions): Promise<SetupReport> {
  const { connection, namespace, databaseUrl, everySeconds = 60, taskQueue = TASK_QUEUE } = options;
  const [{ migrations, roles }, searchAttributes] = await Promise.all([
    prepareDatabase(databaseUrl),
    ensureSearchAttributes(connection, namespace),
  ]);
  const schedules =
    options.schedules === false
      ? {}
      : await ensureSchedules(new Client({ connection, namespace }), { everySeconds, taskQueue });
  return { namespace, migrations, roles, searchAttributes, schedules };
}

async function prepareDatabase(databaseUrl: string): Promise<Pick<SetupReport, 'migrations' | 'roles'>> {
  const before = await existingRoles(databaseUrl);
  const { applied } = await migrate(databaseUrl);
  const after = await existingRoles(databaseUrl);
  const roles = ROLES.map((role): [string, RoleOutcome] => {
    if (before.has(role)) return [role, 'present'];
    return [role, after.has(role) ? 'created' : 'missing'];
  });
  return { migrations: { applied }, roles: Object.fromEntries(roles) };
}

async function existingRoles(databaseUrl: string): Promise<Set<string>> {
  const client = new PgClient({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ rolname: string }>(
      'SELECT rolname FROM pg_roles WHERE rolname = ANY($1)',
      [ROLES],
    );
    return new Set(rows.map(({ rolname }) => rolname));
  } finally {
    await client.end();
  }
}
