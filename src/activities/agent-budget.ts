import { type AgentLimitAnswer, type AgentLimitRequest, type AgentModelAnswer } from '../contracts/agent';
import { type MeteredRun } from '../contracts/activities';
import { type Block } from '../contracts/flow';
import { formatCredits, parseCredits, parseMillicredits } from '../contracts/millicredits';
import { type Usage } from '../contracts/usage';
import { likely, PricingRefusal, type RateCard } from '../pricing';
import { BlockError } from './blocks';
import { type MeteringDeps } from './deps';
import { cardOf } from './execute-block';
import { priceOf } from './metering';

/** What an agent may be charged, by its own limit and the card that its run pinned. */
export interface Budget {
  /** Throws `AgentSpendLimit` where one more call is likely to be more than the block may be charged. */
  beforeCall(spent: Usage): void;
  /**
   * Why the block ends after an answer: what it asks for is more than the block may be charged. The answer itself is
   * charged. Throws `ProviderUsageMissing` for one that has no price.
   */
  afterCall(used: Usage, answered: Answered): AgentModelAnswer['fault'];
}

type Answered = NonNullable<AgentLimitRequest['answered']>;

export function budgetOf(block: Pick<Block, 'type' | 'config'>, run: MeteredRun, card: RateCard): Budget {
  const { config, type } = block;
  const { maxCredits } = config;
  const limit =
    typeof maxCredits === 'string' || typeof maxCredits === 'number'
      ? parseCredits(String(maxCredits))
      : null;
  const costOf = (used: Usage): bigint =>
    parseMillicredits(priceOf({ type, rows: 'blocks' }, run, card, used, true).millicredits);
  const limitText = limit === null ? '' : formatCredits(limit);
  return {
    beforeCall: (usage) => {
      if (limit === null) return;
      const spent = costOf(usage);
      const next = likely(block, run.context, card);
      if (spent + next <= limit && spent < limit) return;
      throw new BlockError(
        'AgentSpendLimit',
        `the agent has used ${spent} millicredits, and its next model call, of about ${next}, goes beyond its "maxCredits" of ${limitText}`,
      );
    },
    afterCall: (used, { tools, goesOn }) => {
      const cost = priced(() => costOf(used));
      if (limit === null || !goesOn) return undefined;
      const asked = costOf({ ...used, mcpTools: [...(used.mcpTools ?? []), ...tools] });
      if (cost <= limit && asked <= limit) return undefined;
      const message = `with the tools that the model asks for the agent would use ${asked} millicredits, more than its "maxCredits" of ${limitText}`;
      return { cause: 'AgentSpendLimit', message };
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

/** The same for an agent on a private runner, which has no rate card: its workflow asks before and after each call. */
export function agentLimit(
  deps: Pick<MeteringDeps, 'pricing'>,
  { run, block, usage, answered }: AgentLimitRequest,
): AgentLimitAnswer {
  const budget = budgetOf(block, run, cardOf(deps, run));
  try {
    if (answered === null) {
      budget.beforeCall(usage);
      return {};
    }
    const fault = budget.afterCall(usage, answered);
    return fault === undefined ? {} : { fault };
  } catch (error) {
    if (!(error instanceof BlockError)) throw error;
    return { fault: { cause: error.type, message: error.message }, uncounted: true };
  }
}
