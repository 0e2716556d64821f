import { ActivityCancellationType, proxyActivities } from '@temporalio/workflow';
import {
  type AgentBegin,
  type AgentBegun,
  type AgentModelAnswer,
  type AgentModelCall,
  type AgentToolAnswer,
  type AgentToolRequest,
} from '../../contracts/agent';
import { type ExecuteBlock } from '../../contracts/activities';
import { agentModelOf } from '../../contracts/blocks-agent';
import { attemptTimeoutMs } from '../../contracts/blocks-types';
import { blockPriority } from '../../contracts/priority';
import { type Registered } from '../our-activities';
import { type PayloadRoom } from '../payload-room';
import { type ExecuteInner } from './flow-tool';
import { privateSteps } from './private-steps';

/** A busy worker, and a step's overtime, beside the step's own time. Milliseconds. */
const AROUND_A_STEP_MS = 20_000;

/** The steps of an agent, wherever they execute. Each is an activity with an id of its own. */
export interface AgentSteps {
  begin(request: AgentBegin): Promise<AgentBegun>;
  model(request: AgentModelCall): Promise<AgentModelAnswer>;
  tool(request: AgentToolRequest): Promise<AgentToolAnswer>;
}

/** What an agent's steps need of the run around them. */
export interface AgentSurroundings {
  readonly executeInner: ExecuteInner;
  /** Null: our own worker executes them. */
  readonly runnerQueue: string | null;
  readonly room: PayloadRoom;
}

/** Our activities for the next step of an agent; on another task queue where one is named. */
export type NextStep = (summary: string, taskQueue?: string) => Registered;

/** On our own worker, or on the private runner that polls `runnerQueue`. */
export function stepsOf(
  { key, block, about }: ExecuteBlock,
  waited: boolean,
  { runnerQueue, room }: Pick<AgentSurroundings, 'runnerQueue' | 'room'>,
): AgentSteps {
  let count = 0;
  const next: NextStep = (summary, taskQueue) => {
    const activityId = `${key}#${count}`;
    count += 1;
    return proxyActivities<Registered>({
      activityId,
      startToCloseTimeout: attemptTimeoutMs(block) + AROUND_A_STEP_MS,
      heartbeatTimeout: '10s',
      retry: { initialInterval: '1s', maximumInterval: '30s' },
      cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
      priority: blockPriority(about.team, waited),
      summary: `${block.id}: ${summary}`,
      ...(taskQueue === undefined ? {} : { taskQueue }),
    });
  };
  return runnerQueue === null ? ourSteps(next, room) : privateSteps(next, runnerQueue, waited, room);
}

function ourSteps(next: NextStep, room: PayloadRoom): AgentSteps {
  return {
    begin: (request) => room.run(request, next('begins')['flowCredits.agentBegin']),
    model: (request) => room.run(request, next(agentModelOf(request.block.config))['flowCredits.agentModel']),
    tool: (request) =>
      room.run(request, next(`${request.tool} on ${request.server}`)['flowCredits.agentTool']),
  };
}
