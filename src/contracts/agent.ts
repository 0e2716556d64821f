import { type BlockFailureDetail, type ExecuteBlock, type MeteredRun } from './activities';
import { type Block } from './flow';
import { type Json } from './json';
import { type Usage } from './usage';

/**
 * What the workflow and the steps of an AI Agent say to each other. Histories hold these values: changing one breaks
 * open runs. Types only. None of them holds a secret.
 */

/** A call of a tool as the model asked for it; `arguments` is JSON, if the model is right. */
export interface AgentToolCall {
  readonly id: string;
  /** The tool's name in the conversation. */
  readonly name: string;
  readonly arguments: string;
}

export type AgentMessage =
  | { readonly role: 'system' | 'user'; readonly content: string }
  | {
      readonly role: 'assistant';
      readonly content: string | null;
      readonly toolCalls: readonly AgentToolCall[];
    }
  | { readonly role: 'tool'; readonly callId: string; readonly content: string };

interface OfferedTool {
  /** Its name in the conversation: letters, digits, `_` and `-` only. */
  readonly name: string;
  readonly description: string;
  /** JSON Schema. */
  readonly parameters: Json;
}

export interface AgentServerTool extends OfferedTool {
  readonly server: string;
  readonly tool: string;
}

export interface AgentFlowTool extends OfferedTool {
  /** The tool's name in the config: its flow is there. */
  readonly flow: string;
}

/** A tool that the model may call: one of an MCP server, or a flow. */
export type AgentTool = AgentServerTool | AgentFlowTool;

/** The first step: renders the texts, asks the servers for their tools, reserves. */
export type AgentBegin = ExecuteBlock;

export interface AgentBegun {
  readonly messages: readonly AgentMessage[];
  readonly tools: readonly AgentTool[];
  /** Something was set aside for the block, or may have been. */
  readonly reserved: boolean;
}

/** What each step of an agent is told. */
export interface AgentStep {
  readonly run: MeteredRun | null;
  /** The block's whole path. */
  readonly key: string;
  readonly block: Block;
  readonly about: ExecuteBlock['about'];
}

/** One call of the model, with the conversation so far. */
export interface AgentModelCall extends AgentStep {
  readonly messages: readonly AgentMessage[];
  readonly tools: readonly AgentTool[];
  /** What the block has used so far: its limit is looked at before the call, and after it. */
  readonly usage: Usage;
}

export interface AgentModelAnswer {
  readonly content: string | null;
  readonly toolCalls: readonly AgentToolCall[];
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  /** As the endpoint says it: `stop`, `length`, `tool_calls`. */
  readonly finish: string;
  /**
   * Of each call, in their order, why it is not made: its arguments do not fit the flow's parameters. Left out where all
   * fit, and by workers from before they were looked at.
   */
  readonly refusals?: readonly (string | null)[];
  /** The answer read as JSON, where the config gives a schema. */
  readonly json?: Json;
  /** Why the block cannot go on although the model answered, which is charged. */
  readonly fault?: Pick<BlockFailureDetail, 'cause' | 'message'>;
}

/** One call of a tool of an MCP server. */
export interface AgentToolRequest extends AgentStep {
  readonly server: string;
  readonly tool: string;
  readonly arguments: Readonly<Record<string, Json>>;
}

export interface AgentToolAnswer {
  /** What the model is told; cut to its bound. */
  readonly content: string;
  /** False where the server never answered: then the call is not charged. */
  readonly answered: boolean;
}

/**
 * Whether an agent on a private runner may go on: our worker is asked, which has the rate card. `block` holds of its
 * config what its limit depends on.
 */
export interface AgentLimitRequest {
  readonly run: MeteredRun;
  readonly block: Pick<Block, 'type' | 'config'>;
  /** What the block has used, the answer included. */
  readonly usage: Usage;
  /** The answer that has come; null before a call. */
  readonly answered: {
    /** The tools of servers that it asks for. */
    readonly tools: NonNullable<Usage['mcpTools']>;
    /** It asks for tools, and is not the last. */
    readonly goesOn: boolean;
  } | null;
}

export interface AgentLimitAnswer {
  /** Why the block ends here. */
  readonly fault?: Pick<BlockFailureDetail, 'cause' | 'message'>;
  /** The call was not made, or has no price: it is not charged. */
  readonly uncounted?: true;
}

/** The activities of an agent by their names, without the prefix. */
export interface AgentActivities {
  /** On our own worker alone. */
  agentLimit(request: AgentLimitRequest): Promise<AgentLimitAnswer>;
  agentBegin(request: AgentBegin): Promise<AgentBegun>;
  agentModel(request: AgentModelCall): Promise<AgentModelAnswer>;
  agentTool(request: AgentToolRequest): Promise<AgentToolAnswer>;
}
