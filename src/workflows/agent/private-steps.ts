import { type AgentLimitRequest, type AgentModelAnswer, type AgentModelCall } from '../../contracts/agent';
import { type MeteredRun } from '../../contracts/activities';
import { agentModelOf, askedTools, withAgentCall } from '../../contracts/blocks-agent';
import { type PayloadRoom } from '../payload-room';
import { reserving } from '../private-block';
import { blockFailure } from '../settle-block';
import { answerFrom, begunFrom, toolAnswerFrom } from './private-answers';
import { type AgentSteps, type NextStep } from './steps';

/**
 * The steps of an agent on a private runner, which has neither a ledger nor a rate card: they get no run to meter. Here is
 * reserved, and whether the block's own limit allows the next call, and what an answer asks for, is asked of our worker.
 */
export function privateSteps(
  next: NextStep,
  taskQueue: string,
  waited: boolean,
  room: PayloadRoom,
): AgentSteps {
  /** Throws where the call is not made, or has no price; gives the fault of one that is charged. */
  async function limited(
    { block, key }: AgentModelCall,
    request: Omit<AgentLimitRequest, 'block'>,
  ): Promise<AgentModelAnswer['fault']> {
    const { type, config } = block;
    const { model, maxCredits } = config;
    const about = {
      type,
      config: {
        ...(model === undefined ? {} : { model }),
        ...(maxCredits === undefined ? {} : { maxCredits }),
      },
    };
    const { fault, uncounted } = await next('its limit')['flowCredits.agentLimit']({
      ...request,
      block: about,
    });
    if (fault !== undefined && uncounted === true)
      throw blockFailure({ key, block }, fault.cause, fault.message);
    return fault;
  }

  async function metered(request: AgentModelCall, run: MeteredRun): Promise<AgentModelAnswer> {
    const { block, tools, usage } = request;
    const hasLimit = block.config['maxCredits'] !== undefined;
    if (hasLimit) await limited(request, { run, usage, answered: null });
    const answer = await ask(request);
    // A price by the call needs no tokens; whether the model has one by tokens our worker knows.
    if (!hasLimit && answer.inputTokens !== undefined && answer.outputTokens !== undefined) return answer;
    const answered = { tools: askedTools(tools, answer), goesOn: answer.toolCalls.length > 0 };
    const fault = await limited(request, {
      run,
      usage: withAgentCall(usage, block.config, answer),
      answered,
    });
    return fault === undefined || answer.fault !== undefined ? answer : { ...answer, fault };
  }

  async function ask(request: AgentModelCall): Promise<AgentModelAnswer> {
    const theirs = next(agentModelOf(request.block.config), taskQueue);
    const answer = await room.run({ ...request, run: null }, theirs['flowCredits.agentModel']);
    return answerFrom(request, answer);
  }

  return {
    begin: async (request) => {
      const theirs = next('begins', taskQueue);
      const answer = await room.run({ ...request, run: null }, theirs['flowCredits.agentBegin']);
      const begun = begunFrom(request, answer);
      const { run, key, block } = request;
      if (run === null) return { ...begun, reserved: false };
      // Last, as on our own worker: what fails before it leaves no reservation behind.
      const reserve = reserving(request, waited)['flowCredits.reserve'];
      return { ...begun, ...(await room.run({ run, key, block }, reserve)) };
    },
    model: (request) => {
      const { run } = request;
      return run === null ? ask(request) : metered(request, run);
    },
    tool: async (request) => {
      const theirs = next(`${request.tool} on ${request.server}`, taskQueue);
      const answer = await room.run({ ...request, run: null }, theirs['flowCredits.agentTool']);
      return toolAnswerFrom(request, answer);
    },
  };
}
