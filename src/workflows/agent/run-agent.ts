import { ActivityCancellationType, isCancellation, proxyActivities } from '@temporalio/workflow';
import { type AgentModelAnswer, type AgentStep, type AgentToolAnswer } from '../../contracts/agent';
import { type ExecuteBlock, type Settlement, type UncommittedUsage } from '../../contracts/activities';
import { agentStepsOf } from '../../contracts/blocks-agent';
import { withoutToolFlows } from '../../contracts/blocks-nested';
import { attemptTimeoutMs } from '../../contracts/blocks-types';
import { type Json } from '../../contracts/json';
import { blockPriority } from '../../contracts/priority';
import { type Registered } from '../our-activities';
import { blockFailure, commitLater, commitNow, type MeteredEnd } from '../settle-block';
import {
  fitted,
  planCalls,
  startConversation,
  usageOf,
  withAnswer,
  withResults,
  withToolUsed,
  type AgentState,
  type PlannedCall,
} from './conversation';
import { callFlow, type ExecuteInner } from './flow-tool';

/** A busy worker, and a step's overtime, beside the step's own time. Milliseconds. */
const AROUND_A_STEP_MS = 20_000;

/**
 * Runs an AI Agent: its model and its tools in turn, until the model asks for no tool any more. Each call is an activity
 * with an id of its own: what was answered is in the history, and is neither asked for again nor charged again. A flow
 * as a tool is executed in this run, with `executeInner`. Never rejects.
 */
export async function runAgent(
  asked: ExecuteBlock,
  waited: boolean,
  executeInner: ExecuteInner,
): Promise<MeteredEnd> {
  const { run, key, about } = asked;
  // Its steps need no flows, which would be in the history with each of them.
  const block = withoutToolFlows(asked.block);
  const request: ExecuteBlock = { ...asked, block };
  const { config } = block;
  const model = typeof config['model'] === 'string' ? config['model'] : '';
  const stepsMost = agentStepsOf(config);
  const toolsMost = typeof config['maxTools'] === 'number' ? config['maxTools'] : null;
  const step: AgentStep = { run, key, block, about };
  let activities = 0;
  let reserved = false;
  let state: AgentState = startConversation({ messages: [], tools: [] });

  function calls(summary: string): Registered {
    const activityId = `${key}#${activities}`;
    activities += 1;
    return proxyActivities<Registered>({
      activityId,
      startToCloseTimeout: attemptTimeoutMs(block) + AROUND_A_STEP_MS,
      heartbeatTimeout: '10s',
      retry: { initialInterval: '1s', maximumInterval: '30s' },
      cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
      priority: blockPriority(about.team, waited),
      summary: `${block.id}: ${summary}`,
    });
  }

  /** The flows of one answer go one after another: so what is open at a time is bounded. */
  let flows: Promise<unknown> = Promise.resolve();

  function callTool(call: PlannedCall): Promise<Pick<AgentToolAnswer, 'content'>> {
    if (call.kind === 'told') return Promise.resolve({ content: call.content });
    if (call.kind === 'flow') {
      const told = flows.then(() => callFlow(key, asked.block, call, executeInner));
      // Where the run ends in one of them, those after it do not begin.
      flows = told;
      return told.then((content) => ({ content }));
    }
    const { server, tool, arguments: parameters } = call;
    const request = { ...step, server, tool, arguments: parameters };
    return calls(`${tool} on ${server}`)
      ['flowCredits.agentTool'](request)
      .then((answer) => {
        // At once: what a tool did is charged also where another call of the same answer is cancelled.
        if (answer.answered) state = withToolUsed(state, call);
        return answer;
      });
  }

  /** All have ended when this does: a step that is still open would come after the close. */
  async function callTools(planned: readonly PlannedCall[]): Promise<void> {
    const ends = await Promise.allSettled(planned.map(callTool));
    const contents = ends.map((end) => {
      if (end.status === 'rejected') throw end.reason;
      return end.value.content;
    });
    state = withResults(state, planned, contents);
  }

  async function converse(): Promise<AgentModelAnswer> {
    const { reserved: isReserved, ...begun } = await calls('begins')['flowCredits.agentBegin'](request);
    reserved = isReserved;
    state = startConversation(begun);
    for (;;) {
      if (state.steps >= stepsMost) {
        const message = `the agent has called its model ${stepsMost} times, the most it may, and has no answer; see "maxSteps"`;
        throw blockFailure(request, 'AgentStepLimit', message);
      }
      const { messages, tools } = state;
      const usage = usageOf(state.usage, model);
      const answer = await calls(model)['flowCredits.agentModel']({ ...step, messages, tools, usage });
      state = withAnswer(state, answer);
      if (answer.fault !== undefined) throw blockFailure(request, answer.fault.cause, answer.fault.message);
      if (answer.toolCalls.length === 0) return answer;
      await callTools(planCalls(state, answer.toolCalls, toolsMost));
      const next = fitted(state);
      if ('tooLarge' in next) throw blockFailure(request, 'AgentConversationTooLarge', next.tooLarge);
      state = next;
    }
  }

  function uncommitted(failed: boolean): UncommittedUsage | null {
    const usage = usageOf(state.usage, model);
    const nothing = Object.keys(usage).length === 0 && !reserved;
    return run === null || nothing ? null : { key, type: block.type, usage, rows: 'blocks', failed };
  }

  async function settle(used: UncommittedUsage | null): Promise<Settlement | undefined> {
    if (run === null || used === null) return undefined;
    try {
      return await commitNow(run, used);
    } catch {
      return commitLater(used);
    }
  }

  try {
    const answer = await converse();
    const value = valueOf(answer, state);
    const settlement = await settle(uncommitted(false));
    return { answer: { value, ...(settlement === undefined ? {} : { settlement }) } };
  } catch (error) {
    const used = uncommitted(true);
    // A run that stops waits for its commits at its close.
    const stopped = isCancellation(error);
    const later = used === null ? undefined : commitLater(used);
    return { error, settlement: stopped ? later : await settle(used) };
  }
}

function valueOf(
  { content, finish, json }: AgentModelAnswer,
  { steps, toolCalls }: AgentState,
): Record<string, Json> {
  return { text: content ?? '', ...(json === undefined ? {} : { json }), finish, steps, toolCalls };
}
