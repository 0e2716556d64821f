import { Context } from '@temporalio/activity';
import { type FlowCreditsActivities, type RanBlock, type RunBlock } from '../contracts/activities';
import { runnerAgentActivities } from './agent-step';
import { blockAttempt, failureOf, unmetered } from './attempt-block';
import { attemptKeeper } from './attempts';
import { type BlockRegistry } from './blocks';

/** The activities of a private runner. They need neither a ledger nor a rate card. */
export type RunnerActivities = {
  [
    Name in 'runBlock' | 'agentBegin' | 'agentModel' | 'agentTool' as `flowCredits.${Name}`
  ]: FlowCreditsActivities[Name];
};

export function runnerActivities(executors: Pick<BlockRegistry, 'run' | 'agent'>): RunnerActivities {
  const { agentBegin, agentModel, agentTool } = runnerAgentActivities(executors);
  return {
    'flowCredits.runBlock': (request) => runBlock(executors, request),
    'flowCredits.agentBegin': agentBegin,
    'flowCredits.agentModel': agentModel,
    'flowCredits.agentTool': agentTool,
  };
}

/**
 * One block on a private runner: executes it as `executeBlock` does, and says what it used, in its answer, its failure
 * for good or its cancellation. The workflow reserves before and commits after.
 */
async function runBlock(executors: Pick<BlockRegistry, 'run'>, request: RunBlock): Promise<RanBlock> {
  const keeper = attemptKeeper(Context.current());
  try {
    const attempt = blockAttempt(executors, request, keeper);
    const outcome = await unmetered(attempt);
    const usage = attempt.usage();
    const used = usage === null ? {} : { usage };
    if (outcome.status !== 'done') throw failureOf(request, outcome, keeper, used, used);
    const { port, value } = outcome.result;
    return { ...(port === undefined ? {} : { port }), ...(value === undefined ? {} : { value }), ...used };
  } finally {
    keeper.stop();
  }
}
