import { type FlowCreditsActivities } from '../contracts/activities';
import { admitFlow, leave, UNMETERED } from './admission';
import { agentBegin, agentModel } from './agent';
import { agentLimit } from './agent-budget';
import { agentTool } from './agent-step';
import { beating } from './beating';
import { close } from './closing';
import { commitUsage } from './commit-usage';
import { deliverEventsPage, retryEvents, tendEvents } from './deliver-events';
import { type ActivityDeps, type WorkflowDeps } from './deps';
import { executeBlock } from './execute-block';
import { reconcilePage } from './reconcile';
import { releasePage } from './release';
import { reserveActivity, reserveBlock } from './reserve-block';
import { resetPage } from './reset';
import { teamCommand } from './team-commands';
import { wakeTeams } from './wake-teams';
import { admitWorkflow } from './workflow-admission';

export {
  DEADLINES,
  type ActivityDeps,
  type ActivityReader,
  type Deadlines,
  type EventDeps,
  type MeteringDeps,
  type OpenRun,
  type Submitter,
  type WorkflowDeps,
} from './deps';
export { eventSettingsFrom, type EventSettings } from './events-settings';
export { unmeteredActivity, unpricedUsage } from './failures';
export { emptyReport, reporting, reportUsage } from './reported-usage';
export { commit, metered, meterOf, priceOf, type Attempt, type Meter, type MeteredItem } from './metering';
export { observed, type Observer, type ActivityObserver, type ObservedAttempt } from './observer';
export { releaseWith } from './release';
export { Webhook, type WebhookOptions } from './webhook';
export { type TeamSource, type WorkflowMetering, type WorkflowStart } from './workflow-admission';

type Registered<Names extends keyof FlowCreditsActivities> = {
  [Name in Names as `flowCredits.${Name}`]: FlowCreditsActivities[Name];
};

/** The activities of our own worker. */
export type FlowActivities = Registered<
  Exclude<keyof FlowCreditsActivities, 'admitWorkflow' | 'reserveActivity' | 'runBlock'>
>;

export function flowActivities(deps: ActivityDeps): FlowActivities {
  return {
    'flowCredits.admitFlow': (request) => admitFlow(deps, request),
    'flowCredits.leave': (request) => leave(deps, request),
    'flowCredits.executeBlock': (request) => executeBlock(deps, request),
    'flowCredits.reserve': (request) => reserveBlock(deps, request),
    'flowCredits.agentBegin': (request) => agentBegin(deps, request),
    'flowCredits.agentModel': (request) => agentModel(deps, request),
    'flowCredits.agentTool': (request) => agentTool(deps.executors, request),
    'flowCredits.agentLimit': (request) => Promise.resolve(agentLimit(deps, request)),
    'flowCredits.commit': (request) => commitUsage(deps, request),
    'flowCredits.close': (request) => close(deps, request),
    'flowCredits.teamCommand': (request) => beating(() => teamCommand(deps, request)),
    'flowCredits.releasePage': (request) => beating(() => releasePage(deps, request)),
    'flowCredits.resetPage': (request) => beating((tell) => resetPage(deps, request, tell)),
    'flowCredits.reconcilePage': (request) => beating(() => reconcilePage(deps, request)),
    'flowCredits.wakeTeams': (page) => beating(() => wakeTeams(deps, page)),
    'flowCredits.deliverEventsPage': (request) => beating(() => deliverEventsPage(deps, request)),
    'flowCredits.retryEvents': (request) => beating(() => retryEvents(deps, request)),
    'flowCredits.tendEvents': () => beating(() => tendEvents(deps)),
  };
}

/** The activities of a worker with the plugin: what an ordinary workflow needs. */
export type WorkflowActivities = Registered<
  'admitWorkflow' | 'leave' | 'reserveActivity' | 'commit' | 'close'
>;

export function workflowActivities(deps: WorkflowDeps): WorkflowActivities {
  return {
    'flowCredits.admitWorkflow': async (request) => admitWorkflow(deps, request),
    'flowCredits.leave': async (request) => leave(deps, request),
    'flowCredits.reserveActivity': async (request) => reserveActivity(deps, request),
    'flowCredits.commit': async (request) => commitUsage(deps, request),
    'flowCredits.close': async (request) => close(deps, request),
  };
}

/**
 * The same on a worker that meters no more and has no ledger: new workflows are not metered, and those that were go on.
 * What they hold goes back when `reconcile` finds that they have ended.
 */
export function idleWorkflowActivities(): WorkflowActivities {
  return {
    'flowCredits.admitWorkflow': () =>
      Promise.resolve({ answer: UNMETERED, run: null, searchAttributes: false }),
    'flowCredits.leave': () => Promise.resolve({ status: 'left' }),
    'flowCredits.reserveActivity': () => Promise.resolve({ reserved: false }),
    'flowCredits.commit': () => Promise.resolve({ charged: '0' }),
    'flowCredits.close': () => Promise.resolve({ charged: '0' }),
  };
}
