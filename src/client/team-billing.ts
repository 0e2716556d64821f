import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { ServiceError, WithStartWorkflowOperation, type Client } from '@temporalio/client';
import { TASK_QUEUE, TEAM, teamBillingId, WORKFLOWS } from '../contracts/names';
import { type TeamBillingInput, type TeamCommandAnswers, type TeamCommands } from '../contracts/team';

/** gRPC: a workflow that is just ending takes no signal and no update; the next one does. */
const RESOURCE_EXHAUSTED = 8;
const FAILED_PRECONDITION = 9;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;
const TRIES = 40;

/** How the keepers of teams are started, and on which task queue. */
export interface TeamBillingOptions extends Omit<TeamBillingInput, 'team'> {
  /** Left out: our worker's own. */
  readonly taskQueue?: string;
}

/** What `team-billing.<team>` is started with, if it does not run. */
function starting(
  team: string,
  { taskQueue = TASK_QUEUE, ...input }: TeamBillingOptions,
): {
  workflowId: string;
  taskQueue: string;
  args: [TeamBillingInput];
} {
  return { workflowId: teamBillingId(team), taskQueue, args: [{ team, ...input }] };
}

/** Tells a team's keeper that runs may be released. Any number of calls is as good as one. */
export async function wakeTeam(
  client: Client,
  team: string,
  options: TeamBillingOptions = {},
): Promise<void> {
  await untilTaken(() =>
    client.workflow.signalWithStart(WORKFLOWS.teamBilling, { ...starting(team, options), signal: TEAM.wake }),
  );
}

/**
 * Sends one command to the team's keeper, starting it where it does not run, and gives the answer in one round trip.
 * What is refused is an answer. May be repeated under the same request id.
 */
export async function commandTeam<Name extends keyof TeamCommands>(
  client: Client,
  team: string,
  name: Name,
  payload: TeamCommands[Name],
  options: TeamBillingOptions = {},
): Promise<TeamCommandAnswers[Name]> {
  const updateId = updateIdOf(name, payload);
  return untilTaken(() =>
    client.workflow.executeUpdateWithStart<
      (input: TeamBillingInput) => Promise<void>,
      TeamCommandAnswers[Name],
      [TeamCommands[Name]]
    >(name, {
      args: [payload],
      updateId,
      startWorkflowOperation: new WithStartWorkflowOperation(WORKFLOWS.teamBilling, {
        ...starting(team, options),
        workflowIdConflictPolicy: 'USE_EXISTING',
      }),
    }),
  );
}

/**
 * A repeated call finds the first one's answer in Temporal, even in a keeper that has left. Another payload under the
 * same request id must not: it goes to the ledger, which calls it a conflict.
 */
function updateIdOf(name: string, payload: object): string {
  if (!('requestId' in payload)) return randomUUID();
  return `${name}:${createHash('sha256').update(JSON.stringify(payload)).digest('hex')}`;
}

/** Repeats a call that a workflow which is just ending did not take, until the next execution takes it. */
export async function untilTaken<T>(send: () => Promise<T>): Promise<T> {
  for (let tries = 1, pause = FIRST_PAUSE_MS; ; tries += 1, pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return await send();
    } catch (error) {
      if (tries >= TRIES || !isClosing(error)) throw error;
      await delay(pause);
    }
  }
}

function isClosing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? error.code : undefined;
  if (code === RESOURCE_EXHAUSTED || code === FAILED_PRECONDITION) return true;
  return (
    error.cause !== undefined &&
    (error instanceof ServiceError || code === undefined) &&
    isClosing(error.cause)
  );
}
