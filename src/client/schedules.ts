import {
  ScheduleAlreadyRunning,
  ScheduleOverlapPolicy,
  type Client,
  type ScheduleDescription,
  type ScheduleOptions,
} from '@temporalio/client';
import { SCHEDULES, WORKFLOWS } from '../contracts/names';

export type ScheduleOutcome = 'created' | 'updated' | 'unchanged';

export interface ScheduleSettings {
  /** How often each schedule fires, in seconds. */
  readonly everySeconds: number;
  readonly taskQueue: string;
}

/** A run that was missed while Temporal was down is made up for this long: the next one does its work anyway. */
const CATCHUP_WINDOW_MS = 60_000;

const OURS = [
  { scheduleId: SCHEDULES.monthlyReset, workflowType: WORKFLOWS.monthlyReset },
  { scheduleId: SCHEDULES.reconcile, workflowType: WORKFLOWS.reconcile },
] as const;

/**
 * Creates the schedules of `monthlyReset` and `reconcile`, or brings existing ones to these settings; whether one is
 * paused, and its notes, stay as they are. A run that is due while the last one is still at work is skipped.
 */
export async function ensureSchedules(
  client: Client,
  settings: ScheduleSettings,
): Promise<Record<string, ScheduleOutcome>> {
  const outcomes = await Promise.all(
    OURS.map(async (ours) => [ours.scheduleId, await ensureSchedule(client, ours, settings)] as const),
  );
  return Object.fromEntries(outcomes);
}

async function ensureSchedule(
  client: Client,
  ours: (typeof OURS)[number],
  settings: ScheduleSettings,
): Promise<ScheduleOutcome> {
  const schedule: Omit<ScheduleOptions, 'scheduleId' | 'state'> = {
    spec: { intervals: [{ every: settings.everySeconds * 1000 }] },
    action: {
      type: 'startWorkflow',
      workflowType: ours.workflowType,
      taskQueue: settings.taskQueue,
      workflowId: ours.scheduleId,
      args: [],
    },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: CATCHUP_WINDOW_MS },
  };
  try {
    await client.schedule.create({ scheduleId: ours.scheduleId, ...schedule });
    return 'created';
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
  const handle = client.schedule.getHandle(ours.scheduleId);
  if (isAsWanted(await handle.describe(), ours.workflowType, settings)) return 'unchanged';
  await handle.update(({ state }) => ({ ...schedule, state }));
  return 'updated';
}

function isAsWanted(found: ScheduleDescription, workflowType: string, settings: ScheduleSettings): boolean {
  const { spec, action, policies } = found;
  return (
    spec.intervals?.length === 1 &&
    spec.intervals[0]?.every === settings.everySeconds * 1000 &&
    (spec.calendars ?? []).length === 0 &&
    action.workflowType === workflowType &&
    action.taskQueue === settings.taskQueue &&
    policies.overlap === ScheduleOverlapPolicy.SKIP &&
    policies.catchupWindow === CATCHUP_WINDOW_MS
  );
}
