import { type AgentModelAnswer, type AgentTool } from './agent';
import { type Json } from './json';
import { type Usage } from './usage';

/**
 * The bounds of an AI Agent block. No zod here: the workflow holds the conversation to them, and the estimate reads the
 * block's own limits.
 */

/** How often an agent may call its model, where its config does not say. */
export const AGENT_DEFAULT_STEPS = 10;
export const AGENT_STEPS_MOST = 100;
/** So many tool calls of one answer are made, side by side; the model is told of the others, and may ask again. */
export const AGENT_CALLS_AT_ONCE_MOST = 32;

/**
 * The conversation goes into the history with every model call: so 100 calls stay below the 50 MB a history may have,
 * and the agent's state well below the 2 MB of a payload.
 */
export const AGENT_CONVERSATION_MOST_BYTES = 256 * 1024;
/** Of the prompt and the system text together, rendered. */
export const AGENT_PROMPT_MOST_BYTES = 128 * 1024;
/** Of what the model is told of its tools. */
export const AGENT_TOOLS_MOST_BYTES = 64 * 1024;
/** The endpoints take no more. */
export const AGENT_TOOLS_MOST = 128;
/** Of one tool's result, as the model gets it; the rest is cut off. */
export const AGENT_RESULT_MOST_BYTES = 16 * 1024;
/** Of the JSON Schema of an answer. */
export const AGENT_SCHEMA_MOST_BYTES = 16 * 1024;
/** Of one answer of the model, its calls of tools included. */
export const AGENT_ANSWER_MOST_BYTES = 64 * 1024;

type Config = Readonly<Record<string, Json>>;

function whole(value: Json | undefined): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

/** How often an agent may call its model. */
export function agentStepsOf(config: Config): number {
  return whole(config['maxSteps']) ?? AGENT_DEFAULT_STEPS;
}

/** How many different MCP tools an agent may call; null where nothing bounds it. */
export function agentToolsOf(config: Config): number | null {
  const most = whole(config['maxTools']);
  const tools = Array.isArray(config['tools']) ? config['tools'] : [];
  let attached = 0;
  for (const tool of tools) {
    if (typeof tool !== 'object' || tool === null || Array.isArray(tool) || tool['kind'] !== 'mcp') continue;
    // A server whose tools are not named offers as many as it likes.
    if (!Array.isArray(tool['tools'])) return most;
    attached += tool['tools'].length;
  }
  return most === null ? attached : Math.min(most, attached);
}

export function agentModelOf({ model }: Config): string {
  return typeof model === 'string' ? model : '';
}

/** What an agent has used once its model has answered. */
export function withAgentCall(usage: Usage, config: Config, answer: AgentModelAnswer): Usage {
  const { inputTokens, outputTokens } = answer;
  const call = {
    model: agentModelOf(config),
    calls: 1,
    ...(inputTokens === undefined ? {} : { inputTokens }),
    ...(outputTokens === undefined ? {} : { outputTokens }),
  };
  return { ...usage, modelCalls: [...(usage.modelCalls ?? []), call] };
}

/** The tools of servers that an answer asks for. A flow's blocks are charged for themselves. */
export function askedTools(
  tools: readonly AgentTool[],
  { toolCalls }: AgentModelAnswer,
): NonNullable<Usage['mcpTools']> {
  const asked = toolCalls.flatMap(({ name }) => tools.filter((tool) => tool.name === name));
  return asked.flatMap((each) =>
    'flow' in each ? [] : [{ server: each.server, tool: each.tool, calls: 1 }],
  );
}
