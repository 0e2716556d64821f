import {
  ApplicationFailure,
  condition,
  continueAsNew,
  defineSignal,
  executeChild,
  ParentClosePolicy,
  proxyActivities,
  setHandler,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import { type OrderActivities } from './activities';

/** Parents and children as a platform has them: nothing in them knows of credits. */

export interface Family {
  readonly team?: string;
  readonly id: string;
  readonly child?: string;
  readonly childTeam?: string;
  readonly taskQueue?: string;
  readonly rounds?: number;
}

const { lookUp } = proxyActivities<OrderActivities>({
  startToCloseTimeout: '1 minute',
  retry: { maximumAttempts: 2, initialInterval: '10ms' },
});

export const go = defineSignal('go');

/** Looks something up itself, and has two children do it side by side; one of them has a child of its own. */
export async function parent({ id, child = 'child', childTeam, taskQueue }: Family): Promise<string> {
  await lookUp(id);
  const asked = { ...(childTeam === undefined ? {} : { team: childTeam }) };
  const options = taskQueue === undefined ? {} : { taskQueue };
  const results = await Promise.all([
    executeChild<(family: Family) => Promise<string>>(child, {
      ...options,
      workflowId: `${id}-one`,
      args: [{ ...asked, id: 'one' }],
    }),
    executeChild<(family: Family) => Promise<string>>(child, {
      ...options,
      workflowId: `${id}-two`,
      args: [{ ...asked, id: 'two', child: 'child' }],
    }),
  ]);
  return results.join(' and ');
}

export async function child({ id, child: own }: Family): Promise<string> {
  const found = await lookUp(id);
  if (own !== undefined) await executeChild(child, { args: [{ id: `${id}-own` }] });
  return found;
}

/** Fails once, and is tried again as another execution. */
export async function failingChild({ id }: Family): Promise<string> {
  const found = await lookUp(id);
  if (workflowInfo().attempt === 1) throw ApplicationFailure.retryable('not yet');
  return found;
}
export async function parentOfFailing({ id }: Family): Promise<string> {
  return executeChild(failingChild, {
    workflowId: `${id}-child`,
    args: [{ id }],
    retry: { maximumAttempts: 2, initialInterval: '10ms' },
  });
}

/** Continues as new, and then waits for a word. */
export async function longChild({ rounds = 1, ...family }: Family): Promise<string> {
  let told = false;
  setHandler(go, () => {
    told = true;
  });
  const found = await lookUp(family.id);
  if (rounds > 1) await continueAsNew<typeof longChild>({ ...family, rounds: rounds - 1 });
  await condition(() => told);
  return lookUp(found);
}

/** Ends before its child does. */
export async function parentOfAbandoned({ id, rounds }: Family): Promise<string> {
  const { workflowId } = await startChild(longChild, {
    workflowId: `${id}-abandoned`,
    parentClosePolicy: ParentClosePolicy.ABANDON,
    args: [{ id, ...(rounds === undefined ? {} : { rounds }) }],
  });
  await lookUp(id);
  return workflowId;
}

/** Leaves a child behind that comes again by the clock. */
export async function parentOfCron({ id }: Family): Promise<void> {
  await startChild(child, {
    workflowId: `${id}-cron`,
    parentClosePolicy: ParentClosePolicy.ABANDON,
    cronSchedule: '@every 1s',
    args: [{ id }],
  });
}

/** Has its activity executed on another task queue. */
export async function elsewhere({ id, taskQueue }: Family): Promise<string> {
  const there = proxyActivities<OrderActivities>({
    startToCloseTimeout: '1 minute',
    ...(taskQueue === undefined ? {} : { taskQueue }),
  });
  return there.lookUp(id);
}
