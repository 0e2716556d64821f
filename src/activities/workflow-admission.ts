import { ApplicationFailure, Context, log } from '@temporalio/activity';
import { type Admission, type AdmitWorkflow, type MeteredRun } from '../contracts/activities';
import { type RunContext } from '../contracts/context';
import { messageOf } from '../contracts/error-text';
import { runIdOf } from '../contracts/names';
import { teamIdSchema, type MeteringMode } from '../contracts/run';
import { teamAt, type StartFacts, type TeamPlace } from '../contracts/team-source';
import { admitAtLedger, longestWait, UNMETERED } from './admission';
import { type WorkflowDeps } from './deps';
import { malformed } from './failures';
import { workflowQuotes } from './quotes';

/** Whose credits an ordinary workflow uses: a place in its start, or code, which runs in the worker. */
export type TeamSource = TeamPlace | ((start: WorkflowStart) => string | null);

/** What a worker knows of a workflow that begins. */
export type WorkflowStart = StartFacts & Pick<AdmitWorkflow, 'workflowId' | 'workflowType'>;

/** How a worker meters workflows that are not flows. */
export interface WorkflowMetering {
  readonly team: TeamSource;
  readonly mode: MeteringMode;
  readonly context: RunContext;
  /** Left out: it waits for as long as it takes. */
  readonly longestWaitSeconds?: number;
}

/** The door of an ordinary workflow. One that belongs to no team is not metered. */
export async function admitWorkflow(deps: WorkflowDeps, request: AdmitWorkflow): Promise<Admission> {
  switch (deps.workflows.mode) {
    case 'off':
      return unmetered(deps);
    case 'enforce':
      return ask(deps, request, 'enforce');
    case 'observe':
      return observe(deps, request);
  }
}

function unmetered({ searchAttributes }: WorkflowDeps): Admission {
  return { answer: UNMETERED, run: null, searchAttributes };
}

/**
 * Who observes holds nobody back: a workflow that the ledger would refuse, or that it does not answer after the short
 * tries of a local activity, goes on unmetered, and the log says why.
 */
async function observe(deps: WorkflowDeps, request: AdmitWorkflow): Promise<Admission> {
  const { workflowId, workflowType } = request;
  const goesOn = (reason: unknown): Admission => {
    log.warn('a workflow goes on unmetered: in mode "observe" nobody is held back', {
      workflowId,
      workflowType,
      reason,
    });
    return unmetered(deps);
  };
  try {
    const admission = await ask(deps, request, 'observe');
    return admission.answer.status === 'rejected' ? goesOn(admission.answer.message) : admission;
  } catch (error) {
    const { info, cancellationSignal } = Context.current();
    if (cancellationSignal.aborted || (info.isLocal && !isFinal(error))) throw error;
    return goesOn(messageOf(error));
  }
}

function isFinal(error: unknown): boolean {
  return error instanceof ApplicationFailure && error.nonRetryable === true;
}

async function ask(
  deps: WorkflowDeps,
  request: AdmitWorkflow,
  mode: Exclude<MeteringMode, 'off'>,
): Promise<Admission> {
  const { workflows, searchAttributes } = deps;
  const team = teamOf(workflows.team, request);
  if (team === null) return unmetered(deps);
  const { workflowId, executionId, workflowType } = request;
  const runId = runIdOf(workflowId, executionId);
  const { context } = workflows;
  const { answer, rateCard, longestWaitMs } = await admitAtLedger(deps, {
    kind: 'admit',
    team,
    runId,
    workflowId,
    executionId,
    flow: workflowType,
    // An ordinary workflow has no content to pin; this is also how the ledger's row tells it from a flow.
    flowHash: '',
    context,
    mode,
    quotes: workflowQuotes(deps.pricing, context),
    limit: null,
  });
  const run: MeteredRun | null =
    rateCard === null ? null : { team, runId, rateCard, context, kind: 'workflow' };
  return { answer, run, searchAttributes, ...longestWait(workflows.longestWaitSeconds, longestWaitMs) };
}

/** Newer bundles have found the team where it is named, and say what they found. */
function teamOf(source: TeamSource, request: AdmitWorkflow): string | null {
  const { workflowId, workflowType, args, memo, headers, searchAttributes = {} } = request;
  const start = { workflowId, workflowType, args, memo, headers, searchAttributes };
  const found =
    request.team ?? (typeof source === 'function' ? source(start) : teamAt(source, start)) ?? null;
  if (found === null) return null;
  const team = teamIdSchema.safeParse(found);
  if (team.success) return team.data;
  const told = JSON.stringify(found);
  throw malformed(`team of workflow "${workflowType}"`, `${told} ${team.error.issues[0]?.message ?? ''}`);
}
