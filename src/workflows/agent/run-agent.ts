import { isCancellation } from '@temporalio/workflow';
import { type AgentModelAnswer, type AgentStep, type AgentToolAnswer } from '../../contracts/agent';
import { type ExecuteBlock, type UncommittedUsage } from '../../contracts/activities';
import { agentModelOf, agentStepsOf } from '../../contracts/blocks-agent';
import { withoutToolFlows } from '../../contracts/blocks-nested';
import { type Json } from '../../contracts/json';
import { blockFailure, commitLater, settle, type MeteredEnd } from '../settle-block';
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
import { callFlow } from './flow-tool';
import { stepsOf, type AgentSurroundings } from './steps';

/**
 * Runs an AI Agent: its model and its tools in turn, until the model asks for no tool any more. Each call is an activity
 * with an id of its own: what was answered is in the history, and is neither asked for again nor charged again. A flow
 * as a tool is executed in this run, with `executeInner`; the steps on the private runner, where there is one. Never
 * rejects.
 */
export async function runAgent(
  asked: ExecuteBlock,
  waited: boolean,
  around: AgentSurroundings,
): Promise<MeteredEnd> {
  const { run, key, about } = asked;
  // Its steps need no flows, which would be in the history with each of them.
  const block = withoutToolFlows(asked.block);
  const request: ExecuteBlock = { ...asked, block };
  const { config } = block;
  const model = agentModelOf(config);
  const steps = stepsOf(request, waited, around);
  const stepsMost = agentStepsOf(config);
  const toolsMost = typeof config['maxTools'] === 'number' ? config['maxTools'] : null;
  const step: AgentStep = { run, key, block, about };
  let reserved = false;
  let state: AgentState = startConversation({ messages: [], tools: [] });

  /** The flows of one answer go one after another: so what is open at a time is bounded. */
  let flows: Promise<unknown> = Promise.resolve();

  function callTool(call: PlannedCall): Promise<Pick<AgentToolAnswer, 'content'>> {
    if (call.kind === 'told') return Promise.resolve({ content: call.content });
    if (call.kind === 'flow') {
      const told = flows.then(() => callFlow(key, asked.block, call, around.executeInner));
      // Where the run ends in one of them, those after it do not begin.
      flows = told;
      return told.then((content) => ({ content }));
    }
    const { server, tool, arguments: parameters } = call;
    return steps.tool({ ...step, server, tool, arguments: parameters }).then((answer) => {
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
    const { reserved: isReserved, ...begun } = await steps.begin(request);
    reserved = isReserved;
    state = startConversation(begun);
    for (;;) {
      if (state.steps >= stepsMost) {
        const message = `the agent has called its model ${stepsMost} times, the most it may, and has no answer; see "maxSteps"`;
        throw blockFailure(request, 'AgentStepLimit', message);
      }
      const { messages, tools } = state;
      const usage = usageOf(state.usage, model);
      const answer = await steps.model({ ...step, messages, tools, usage });
      state = withAnswer(state, answer);
      if (answer.fault !== undefined) throw blockFailure(request, answer.fault.cause, answer.fault.message);
      if (answer.toolCalls.length === 0) return answer;
      await callTools(planCalls(state, answer.toolCalls, toolsMost, answer.refusals));
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

  try {
    const answer = await converse();
    const value = valueOf(answer, state);
    const { settlement, refusal } = await settle(run, uncommitted(false), reserved);
    if (refusal !== null) return { error: blockFailure(request, 'Unexpected', refusal), settlement };
    return { answer: { value, ...(settlement === undefined ? {} : { settlement }) } };
  } catch (error) {
    const used = uncommitted(true);
    // A run that stops waits for its commits at its close.
    if (isCancellation(error)) return { error, settlement: used === null ? undefined : commitLater(used) };
    return { error, settlement: (await settle(run, used, reserved)).settlement };
  }
}

function valueOf(
  { content, finish, json }: AgentModelAnswer,
  { steps, toolCalls }: AgentState,
): Record<string, Json> {
  return { text: content ?? '', ...(json === undefined ? {} : { json }), finish, steps, toolCalls };
}
