import { createHash } from 'node:crypto';
import {
  isGrpcServiceError,
  WithStartWorkflowOperation,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  type Client,
  type WorkflowStartOptions,
} from '@temporalio/client';
import { RUN, WORKFLOWS } from '../contracts/names';
import { runPriority } from '../contracts/priority';
import {
  type AdmissionAnswer,
  type AdmissionReply,
  type FlowRunInput,
  type FlowRunResult,
} from '../contracts/run';

/** Who starts a run, and the key that makes starting it safe to repeat. */
export interface StartOnce {
  readonly requestId: string;
  readonly actor: string;
}

/** What came of a start by a key. */
export type StartedOnce =
  | {
      readonly status: 'answered';
      readonly workflowId: string;
      readonly runId: string;
      readonly admission: AdmissionAnswer;
      /** The answer of an earlier call with this key. */
      readonly repeated: boolean;
    }
  /** The key was used with another payload: nothing was started. */
  | { readonly status: 'conflict'; readonly workflowId: string }
  /** The key's run has ended, and Temporal does not keep its first answer any more: nothing was started. */
  | { readonly status: 'gone'; readonly workflowId: string };

type FlowRunWorkflow = (input: FlowRunInput) => Promise<FlowRunResult>;

/** The one update of a start: under a fixed id, so that its answer can be asked for again. */
const ADMISSION_ID = 'admission';
/** What a start leaves in the run's memo: who, by which request, and a hash of what. */
const MEMO = {
  actor: 'flowCreditsActor',
  requestId: 'flowCreditsRequestId',
  payload: 'flowCreditsPayload',
} as const;
const NOT_FOUND = 5;

/** The workflow id that a team's key makes. Another team's same key is another run. */
export function workflowIdOfKey(team: string, requestId: string): string {
  return `flow-run-${createHash('sha256')
    .update(JSON.stringify([team, requestId]))
    .digest('hex')
    .slice(0, 40)}`;
}

/**
 * Starts a run once per key and gives the ledger's answer: to a repeated call the first one's. The key makes the
 * workflow id, which Temporal keeps to one run for as long as it remembers it; `known` tells of a run that it may have
 * forgotten.
 */
export async function startOnce(
  client: Client,
  taskQueue: string,
  input: FlowRunInput,
  { requestId, actor }: StartOnce,
  known: (workflowId: string) => Promise<boolean>,
): Promise<StartedOnce> {
  const workflowId = workflowIdOfKey(input.team, requestId);
  const payload = createHash('sha256').update(JSON.stringify(input)).digest('hex');
  if (await known(workflowId)) return firstAnswer(client, workflowId, payload);
  const start: WorkflowStartOptions<FlowRunWorkflow> & { workflowIdConflictPolicy: 'FAIL' } = {
    workflowId,
    taskQueue,
    args: [input],
    priority: runPriority(input.team),
    memo: { [MEMO.actor]: actor, [MEMO.requestId]: requestId, [MEMO.payload]: payload },
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    workflowIdConflictPolicy: 'FAIL',
  };
  try {
    const { runId, ...admission } = await client.workflow.executeUpdateWithStart<
      FlowRunWorkflow,
      AdmissionReply,
      []
    >(RUN.admission, {
      args: [],
      updateId: ADMISSION_ID,
      startWorkflowOperation: new WithStartWorkflowOperation<FlowRunWorkflow>(WORKFLOWS.flowRun, start),
    });
    return { status: 'answered', workflowId, runId, admission, repeated: false };
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError)
      return firstAnswer(client, workflowId, payload);
    throw error;
  }
}

/** The answer that the first call with this key got, or will get. */
async function firstAnswer(client: Client, workflowId: string, payload: string): Promise<StartedOnce> {
  const found = await forgiving(() => client.workflow.getHandle(workflowId).describe());
  if (found === null) return { status: 'gone', workflowId };
  if (found.memo?.[MEMO.payload] !== payload) return { status: 'conflict', workflowId };
  // A run that went on as new asked in its first execution.
  const first = found.raw.workflowExecutionInfo?.firstRunId ?? found.runId;
  const asked = client.workflow.getHandle(workflowId, first);
  const reply =
    (await forgiving(() => asked.getUpdateHandle<AdmissionReply>(ADMISSION_ID).result())) ??
    // Temporal may lose an update that no worker had seen: then it is asked anew.
    (await forgiving(() =>
      client.workflow
        .getHandle<FlowRunWorkflow>(workflowId)
        .executeUpdate<AdmissionReply, []>(RUN.admission, { args: [], updateId: ADMISSION_ID }),
    ));
  if (reply === null) return { status: 'gone', workflowId };
  const { runId, ...admission } = reply;
  return { status: 'answered', workflowId, runId, admission, repeated: true };
}

/** Null where Temporal knows no such thing. */
async function forgiving<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError || isNotFound(error)) return null;
    throw error;
  }
}

function isNotFound(error: unknown): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const code: number | null = isGrpcServiceError(at) ? at.code : null;
    if (code === NOT_FOUND) return true;
  }
  return false;
}
