import {
  type AgentBegun,
  type AgentMessage,
  type AgentModelAnswer,
  type AgentServerTool,
  type AgentTool,
  type AgentToolCall,
} from '../../contracts/agent';
import { AGENT_CALLS_AT_ONCE_MOST, AGENT_CONVERSATION_MOST_BYTES } from '../../contracts/blocks-agent';
import { sizeText, utf8Bytes } from '../../contracts/blocks-size';
import { type Json } from '../../contracts/json';
import { type Usage } from '../../contracts/usage';

/**
 * An agent's conversation as plain JSON, never changed in place, and bounded: what it holds and what it has used. Pure;
 * the workflow makes the calls.
 */
export interface AgentState {
  readonly messages: readonly AgentMessage[];
  readonly tools: readonly AgentTool[];
  /** Answered model calls. */
  readonly steps: number;
  /** Tool calls that were made. */
  readonly toolCalls: number;
  readonly usage: AgentUsage;
  /** How often each flow was called. What its blocks used is theirs, not the agent's. */
  readonly flowCalls: readonly { readonly tool: string; readonly calls: number }[];
}

export interface AgentUsage {
  readonly calls: number;
  /** Null once a call did not say. */
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  /** Answered calls by tool. */
  readonly mcpTools: readonly { readonly server: string; readonly tool: string; readonly calls: number }[];
}

export function startConversation({ messages, tools }: Pick<AgentBegun, 'messages' | 'tools'>): AgentState {
  const usage: AgentUsage = { calls: 0, inputTokens: 0, outputTokens: 0, mcpTools: [] };
  return { messages, tools, steps: 0, toolCalls: 0, usage, flowCalls: [] };
}

/** The usage as the ledger gets it: one entry for the model, one for each tool. */
export function usageOf({ calls, inputTokens, outputTokens, mcpTools }: AgentUsage, model: string): Usage {
  if (calls === 0) return {};
  const modelCalls = [
    {
      model,
      calls,
      ...(inputTokens === null ? {} : { inputTokens }),
      ...(outputTokens === null ? {} : { outputTokens }),
    },
  ];
  return { modelCalls, ...(mcpTools.length === 0 ? {} : { mcpTools: [...mcpTools] }) };
}

/** The model has answered: that is paid for, whatever follows. */
export function withAnswer(state: AgentState, answer: AgentModelAnswer): AgentState {
  const { content, toolCalls, inputTokens, outputTokens } = answer;
  const { usage } = state;
  return {
    ...state,
    messages: [...state.messages, { role: 'assistant', content, toolCalls }],
    steps: state.steps + 1,
    usage: {
      ...usage,
      calls: usage.calls + 1,
      inputTokens: plus(usage.inputTokens, inputTokens),
      outputTokens: plus(usage.outputTokens, outputTokens),
    },
  };
}

function plus(sum: number | null, more: number | undefined): number | null {
  return sum === null || more === undefined ? null : sum + more;
}

/** A call that is made, or what the model is told instead. */
export type PlannedCall =
  | {
      readonly kind: 'call';
      readonly callId: string;
      readonly server: string;
      readonly tool: string;
      readonly arguments: Readonly<Record<string, Json>>;
    }
  | {
      readonly kind: 'flow';
      readonly callId: string;
      /** The tool's name in the config. */
      readonly tool: string;
      /** How often it was called before: each call's blocks have keys of their own. */
      readonly index: number;
      readonly arguments: Readonly<Record<string, Json>>;
    }
  | { readonly kind: 'told'; readonly callId: string; readonly content: string };

/**
 * What comes of the calls a model asks for. `toolsMost` bounds how many different tools the block may call; a call with a
 * refusal is not made.
 */
export function planCalls(
  state: AgentState,
  asked: readonly AgentToolCall[],
  toolsMost: number | null,
  refusals: AgentModelAnswer['refusals'] = [],
): readonly PlannedCall[] {
  const used = new Set(state.usage.mcpTools.map(keyOf));
  const flowCalls = new Map(state.flowCalls.map(({ tool, calls }) => [tool, calls]));
  return asked.map(({ id, name, arguments: text }, place): PlannedCall => {
    const told = (content: string): PlannedCall => ({
      kind: 'told',
      callId: id,
      content: `error: ${content}`,
    });
    if (place >= AGENT_CALLS_AT_ONCE_MOST) {
      return told(`only ${AGENT_CALLS_AT_ONCE_MOST} calls are made at once; ask again for this one`);
    }
    const tool = state.tools.find((each) => each.name === name);
    if (tool === undefined) {
      const known = state.tools.map((each) => each.name).join(', ');
      return told(`there is no tool "${name.slice(0, 80)}"; there are: ${known}`);
    }
    const parameters = parametersOf(text);
    if (parameters === null) return told('the arguments are no JSON object');
    const refusal = refusals[place] ?? null;
    if (refusal !== null) return told(refusal);
    if ('flow' in tool) {
      const index = flowCalls.get(tool.flow) ?? 0;
      flowCalls.set(tool.flow, index + 1);
      return { kind: 'flow', callId: id, tool: tool.flow, index, arguments: parameters };
    }
    if (toolsMost !== null && !used.has(keyOf(tool)) && used.size >= toolsMost) {
      return told(`${toolsMost} different tools may be called, and have been; go on with these`);
    }
    used.add(keyOf(tool));
    return { kind: 'call', callId: id, server: tool.server, tool: tool.tool, arguments: parameters };
  });
}

function keyOf({ server, tool }: Pick<AgentServerTool, 'server' | 'tool'>): string {
  return JSON.stringify([server, tool]);
}

function parametersOf(text: string): Record<string, Json> | null {
  try {
    // What `JSON.parse` makes is JSON by definition.
    const value = JSON.parse(text.trim() === '' ? '{}' : text) as Json;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

/** A tool has been called: it is charged, once a block, also if the block ends before the model hears of it. */
export function withToolUsed(state: AgentState, call: PlannedCall): AgentState {
  if (call.kind !== 'call') return state;
  const { mcpTools } = state.usage;
  const { server, tool } = call;
  const known = mcpTools.some((each) => keyOf(each) === keyOf(call));
  const next = known
    ? mcpTools.map((each) => (keyOf(each) === keyOf(call) ? { ...each, calls: each.calls + 1 } : each))
    : [...mcpTools, { server, tool, calls: 1 }];
  return { ...state, usage: { ...state.usage, mcpTools: next } };
}

/** The results of planned calls, in the order in which they were asked for, whichever came first. */
export function withResults(
  state: AgentState,
  planned: readonly PlannedCall[],
  contents: readonly string[],
): AgentState {
  const told = planned.map(({ callId }, place): AgentMessage => {
    return { role: 'tool', callId, content: contents[place] ?? '' };
  });
  const made = planned.filter(({ kind }) => kind !== 'told').length;
  return {
    ...state,
    messages: [...state.messages, ...told],
    toolCalls: state.toolCalls + made,
    flowCalls: withFlowCalls(state.flowCalls, planned),
  };
}

function withFlowCalls(
  before: AgentState['flowCalls'],
  planned: readonly PlannedCall[],
): AgentState['flowCalls'] {
  const calls = new Map(before.map((each) => [each.tool, each.calls]));
  for (const call of planned) {
    if (call.kind === 'flow') calls.set(call.tool, call.index + 1);
  }
  return [...calls].map(([tool, times]) => ({ tool, calls: times }));
}

/**
 * The conversation within its bound: the oldest results of tools give way to a note, until it fits. A message where even
 * that is not enough.
 */
export function fitted(state: AgentState): AgentState | { readonly tooLarge: string } {
  let bytes = state.messages.reduce((sum, message) => sum + utf8Bytes(JSON.stringify(message)), 0);
  if (bytes <= AGENT_CONVERSATION_MOST_BYTES) return state;
  const messages = state.messages.map((message): AgentMessage => {
    if (bytes <= AGENT_CONVERSATION_MOST_BYTES || message.role !== 'tool') return message;
    const dropped: AgentMessage = {
      ...message,
      content: `[dropped: ${sizeText(utf8Bytes(message.content))}, to keep the conversation short; call the tool again if it is needed]`,
    };
    const saved = utf8Bytes(JSON.stringify(message)) - utf8Bytes(JSON.stringify(dropped));
    if (saved <= 0) return message;
    bytes -= saved;
    return dropped;
  });
  if (bytes <= AGENT_CONVERSATION_MOST_BYTES) return { ...state, messages };
  return {
    tooLarge: `the conversation has ${sizeText(bytes)}, also without its tools' results; the most is ${sizeText(AGENT_CONVERSATION_MOST_BYTES)}`,
  };
}
