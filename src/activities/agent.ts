import { ApplicationFailure, Context } from '@temporalio/activity';
import {
  type AgentBegin,
  type AgentBegun,
  type AgentModelAnswer,
  type AgentModelCall,
  type AgentStep,
  type AgentToolAnswer,
  type AgentToolRequest,
} from '../contracts/agent';
import { type MeteredRun, type ReservedBlock } from '../contracts/activities';
import { attemptsOf, attemptTimeoutMs } from '../contracts/blocks-types';
import { formatCredits, parseCredits, parseMillicredits } from '../contracts/millicredits';
import { type Usage } from '../contracts/usage';
import { likely, PricingRefusal, type RateCard } from '../pricing';
import { attemptKeeper } from './attempts';
import { BlockError } from './blocks';
import { type ActivityDeps } from './deps';
import { cardOf } from './execute-block';
import { blockAttemptFailed, blockFailed, workerStopping } from './failures';
import { priceOf } from './metering';
import { reserveBlock } from './reserve-block';

/**
 * The steps of an AI Agent. What the block is charged is committed by its workflow, once, at its end: a step only
 * reserves, and looks at the block's own limit.
 */

/** A step that does not heed its own timeout is ended by us so much later. Milliseconds. */
const OVERTIME_MS = 2_000;

/** Renders the prompt, asks the servers for their tools, and reserves the block's likely charge. */
export function agentBegin(deps: ActivityDeps, request: AgentBegin): Promise<AgentBegun> {
  const { run, key, block, inputs } = request;
  return step(request, async (call) => {
    const begun = await deps.executors.agent.begin(block, { ...call, inputs });
    // Last: what fails before it leaves no reservation behind.
    return { ...begun, ...(await reservedFor(deps, run, key, block)) };
  });
}

async function reservedFor(
  deps: ActivityDeps,
  run: MeteredRun | null,
  key: string,
  block: AgentStep['block'],
): Promise<ReservedBlock> {
  return run === null ? { reserved: false } : reserveBlock(deps, { run, key, block });
}

/** Calls the model once, where the block's limit allows it. A worker that dies before it has told the answer calls again. */
export function agentModel(deps: ActivityDeps, request: AgentModelCall): Promise<AgentModelAnswer> {
  const { run, block, messages, tools } = request;
  const budget = run === null ? null : budgetOf(request, run, cardOf(deps, run));
  return step(request, async (call) => {
    budget?.beforeCall();
    const answer = await deps.executors.agent.model(block, { messages, tools }, call);
    return budget === null ? answer : budget.afterCall(answer);
  });
}

/** Calls a tool once. What cannot be done is told to the model: it may know another way. */
export function agentTool(deps: ActivityDeps, request: AgentToolRequest): Promise<AgentToolAnswer> {
  const { block, server, tool, arguments: parameters } = request;
  return step<AgentToolAnswer>(
    request,
    async (call) => {
      const { text } = await deps.executors.agent.tool(block, { server, tool, arguments: parameters }, call);
      return { content: text, answered: true };
    },
    (message) => ({ content: `error: ${message}`, answered: false }),
  );
}

interface Budget {
  /** Throws `AgentSpendLimit` where one more call is likely to be more than the block may be charged. */
  beforeCall(): void;
  /** What the answer asks for may be more, too: then it is charged, and the block ends. */
  afterCall(answer: AgentModelAnswer): AgentModelAnswer;
}

function budgetOf({ block, tools, usage }: AgentModelCall, run: MeteredRun, card: RateCard): Budget {
  const { config, type } = block;
  const { maxCredits, model } = config;
  const limit =
    typeof maxCredits === 'string' || typeof maxCredits === 'number'
      ? parseCredits(String(maxCredits))
      : null;
  const costOf = (used: Usage): bigint =>
    parseMillicredits(priceOf({ type, rows: 'blocks' }, run, card, used, true).millicredits);
  const limitText = limit === null ? '' : formatCredits(limit);
  return {
    beforeCall: () => {
      if (limit === null) return;
      const spent = costOf(usage);
      const next = likely(block, run.context, card);
      if (spent + next <= limit && spent < limit) return;
      throw new BlockError(
        'AgentSpendLimit',
        `the agent has used ${spent} millicredits, and its next model call, of about ${next}, goes beyond its "maxCredits" of ${limitText}`,
      );
    },
    afterCall: (answer) => {
      const used = withCall(usage, typeof model === 'string' ? model : '', answer);
      const cost = priced(() => costOf(used));
      if (limit === null || answer.fault !== undefined) return answer;
      const asked = costOf(withTools(used, tools, answer));
      if (answer.toolCalls.length === 0 || (cost <= limit && asked <= limit)) return answer;
      const message = `with the tools that the model asks for the agent would use ${asked} millicredits, more than its "maxCredits" of ${limitText}`;
      return { ...answer, fault: { cause: 'AgentSpendLimit', message } };
    },
  };
}

/** A model that is priced by tokens must say how many it took: what cannot be priced ends the block, uncharged. */
function priced(price: () => bigint): bigint {
  try {
    return price();
  } catch (error) {
    if (!(error instanceof PricingRefusal)) throw error;
    throw new BlockError(
      'ProviderUsageMissing',
      `the model's answer cannot be priced: ${error.message}; its endpoint does not tell its usage`,
    );
  }
}

function withCall(usage: Usage, model: string, { inputTokens, outputTokens }: AgentModelAnswer): Usage {
  const tokens = {
    ...(inputTokens === undefined ? {} : { inputTokens }),
    ...(outputTokens === undefined ? {} : { outputTokens }),
  };
  return { ...usage, modelCalls: [...(usage.modelCalls ?? []), { model, calls: 1, ...tokens }] };
}

function withTools(usage: Usage, tools: AgentModelCall['tools'], { toolCalls }: AgentModelAnswer): Usage {
  const asked = toolCalls.flatMap(({ name }) => tools.filter((tool) => tool.name === name));
  // A flow's blocks are charged for themselves.
  const calls = asked.flatMap((each) =>
    'flow' in each ? [] : [{ server: each.server, tool: each.tool, calls: 1 }],
  );
  return { ...usage, mcpTools: [...(usage.mcpTools ?? []), ...calls] };
}

interface Call {
  readonly run: AgentStep['about'];
  readonly signal: AbortSignal;
  readonly heartbeat: () => void;
}

/**
 * One attempt of a step. Temporal tries again what may pass, without counting workers that died; the block's own number
 * of attempts is counted by us, as for every block. `instead` answers for what failed for good.
 */
async function step<T>(
  { key, block, about }: AgentStep,
  work: (call: Call) => Promise<T>,
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
    const message = error instanceof Error ? error.message : String(error);
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
