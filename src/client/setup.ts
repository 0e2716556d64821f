import { Client, type Connection } from '@temporalio/client';
import { TASK_QUEUE } from '../contracts/names';
import { ensureSchedules, type ScheduleOutcome } from './schedules';
import { ensureSearchAttributes, type SearchAttributesReport } from './search-attributes';

export interface SetupOptions {
  readonly connection: Connection;
  readonly namespace: string;
  /** How often `monthlyReset` and `reconcile` run, in seconds. Default 60. */
  readonly everySeconds?: number;
  /** Left out: the worker's own. */
  readonly taskQueue?: string;
  /** False leaves the schedules as they are: for stacks whose tests start those workflows themselves. */
  readonly schedules?: boolean;
}

/** What was done, and what was there already. */
export interface SetupReport {
  readonly searchAttributes: SearchAttributesReport;
  /** By schedule id; empty where schedules were left alone. */
  readonly schedules: Readonly<Record<string, ScheduleOutcome>>;
}

/** Prepares a Temporal namespace for the worker: search attributes first, then the schedules. Safe to repeat. */
export async function setUpTemporal(options: SetupOptions): Promise<SetupReport> {
  const { connection, namespace, everySeconds = 60, taskQueue = TASK_QUEUE } = options;
  const searchAttributes = await ensureSearchAttributes(connection, namespace);
  if (options.schedules === false) return { searchAttributes, schedules: {} };
  const client = new Client({ connection, namespace });
  return { searchAttributes, schedules: await ensureSchedules(client, { everySeconds, taskQueue }) };
}
