import {
  type AgentBegin,
  type AgentBegun,
  type AgentModelAnswer,
  type AgentModelCall,
} from '../contracts/agent';
import { type ReservedBlock } from '../contracts/activities';
import { askedTools, withAgentCall } from '../contracts/blocks-agent';
import { budgetOf } from './agent-budget';
import { agentStep, begin, model } from './agent-step';
import { type ActivityDeps } from './deps';
import { cardOf } from './execute-block';
import { reserveBlock } from './reserve-block';

/**
 * The steps of an AI Agent on our own worker. What the block is charged is committed by its workflow, once, at its end: a
 * step only reserves, and looks at the block's own limit.
 */

/** Renders the prompt, asks the servers for their tools, and reserves the block's likely charge. */
export function agentBegin(deps: ActivityDeps, request: AgentBegin): Promise<AgentBegun> {
  return agentStep(request, async (call) => {
    const begun = await begin(deps.executors, request, call);
    // Last: what fails before it leaves no reservation behind.
    return { ...begun, ...(await reservedFor(deps, request)) };
  });
}

async function reservedFor(deps: ActivityDeps, { run, key, block }: AgentBegin): Promise<ReservedBlock> {
  return run === null ? { reserved: false } : reserveBlock(deps, { run, key, block });
}

/** Calls the model once, where the block's limit allows it. A worker that dies before it has told the answer calls again. */
export function agentModel(deps: ActivityDeps, request: AgentModelCall): Promise<AgentModelAnswer> {
  const { run, block, usage } = request;
  const budget = run === null ? null : budgetOf(block, run, cardOf(deps, run));
  return agentStep(request, async (call) => {
    budget?.beforeCall(usage);
    const answer = await model(deps.executors, request, call);
    const answered = { tools: askedTools(request.tools, answer), goesOn: answer.toolCalls.length > 0 };
    const fault = budget?.afterCall(withAgentCall(usage, block.config, answer), answered);
    return fault === undefined || answer.fault !== undefined ? answer : { ...answer, fault };
  });
}
