import { ApplicationFailure, Context } from '@temporalio/activity';
import {
  type AgentActivities,
  type AgentBegin,
  type AgentBegun,
  type AgentModelAnswer,
  type AgentModelCall,
  type AgentStep,
  type AgentToolAnswer,
  type AgentToolRequest,
} from '../contracts/agent';
import { attemptsOf, attemptTimeoutMs } from '../contracts/blocks-types';
import { messageOf } from '../contracts/error-text';
import { attemptKeeper } from './attempts';
import { BlockError, type BlockRegistry } from './blocks';
import { blockAttemptFailed, blockFailed, workerStopping } from './failures';

/** The steps of an AI Agent, on our own worker or on a private runner: nothing here knows of a ledger or a rate card. */

type Executors = Pick<BlockRegistry, 'agent'>;

/** A step that does not heed its own timeout is ended by us so much later. Milliseconds. */
const OVERTIME_MS = 2_000;

export interface StepCall {
  readonly run: AgentStep['about'];
  readonly signal: AbortSignal;
  readonly heartbeat: () => void;
}

/** The steps as a private runner has them: its team's workflow reserves, looks at the block's limit, and commits. */
export function runnerAgentActivities(
  executors: Executors,
): Pick<AgentActivities, 'agentBegin' | 'agentModel' | 'agentTool'> {
  return {
    agentBegin: (request) =>
      agentStep(request, async (call) => ({ ...(await begin(executors, request, call)), reserved: false })),
    agentModel: (request) => agentStep(request, (call) => model(executors, request, call)),
    agentTool: (request) => agentTool(executors, request),
  };
}

export function begin(
  { agent }: Executors,
  { block, inputs }: AgentBegin,
  call: StepCall,
): Promise<Omit<AgentBegun, 'reserved'>> {
  return agent.begin(block, { ...call, inputs });
}

export function model(
  { agent }: Executors,
  { block, messages, tools }: AgentModelCall,
  call: StepCall,
): Promise<AgentModelAnswer> {
  return agent.model(block, { messages, tools }, call);
}

/** Calls a tool once. What cannot be done is told to the model: it may know another way. */
export function agentTool({ agent }: Executors, request: AgentToolRequest): Promise<AgentToolAnswer> {
  const { block, server, tool, arguments: parameters } = request;
  return agentStep<AgentToolAnswer>(
    request,
    async (call) => {
      const { text } = await agent.tool(block, { server, tool, arguments: parameters }, call);
      return { content: text, answered: true };
    },
    (message) => ({ content: `error: ${message}`, answered: false }),
  );
}

/**
 * One attempt of a step. Temporal tries again what may pass, without counting workers that died; the block's own number
 * of attempts is counted by us, as for every block. `instead` answers for what failed for good.
 */
export async function agentStep<T>(
  { key, block, about }: AgentStep,
  work: (call: StepCall) => Promise<T>,
  instead?: (message: string) => T,
): Promise<T> {
  const keeper = attemptKeeper(Context.current());
  const overtime = AbortSignal.timeout(attemptTimeoutMs(block) + OVERTIME_MS);
  try {
    const signal = AbortSignal.any([keeper.signal, overtime]);
    return await work({ run: about, signal, heartbeat: keeper.beat });
  } catch (error) {
    // The ledger's refusal of the reservation: the run's limit.
    if (error instanceof ApplicationFailure) throw error;
    if (keeper.ending() === 'final') throw keeper.cancellation();
    if (keeper.shuttingDown()) throw workerStopping(key);
    if (keeper.ending() !== null) throw keeper.cancellation();
    const message = messageOf(error);
    const known = error instanceof BlockError ? error : null;
    if ((known?.retryable ?? true) && keeper.failures + 1 < attemptsOf(block)) {
      keeper.failed();
      throw blockAttemptFailed(key, message, keeper.failures + 1, known?.retryAfterMs ?? undefined);
    }
    if (instead !== undefined) return instead(message);
    throw blockFailed({ key, type: block.type, cause: known?.type ?? 'Unexpected', message });
  } finally {
    keeper.stop();
  }
}
