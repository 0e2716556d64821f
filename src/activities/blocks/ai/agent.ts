import {
  type AgentBegun,
  type AgentMessage,
  type AgentModelAnswer,
  type AgentTool,
} from '../../../contracts/agent';
import {
  AGENT_PROMPT_MOST_BYTES,
  AGENT_TOOLS_MOST,
  AGENT_TOOLS_MOST_BYTES,
} from '../../../contracts/blocks-agent';
import { aiAgentConfigSchema, type AiAgentConfig } from '../../../contracts/blocks-ai';
import { jsonBytes, sizeText, utf8Bytes } from '../../../contracts/blocks-size';
import { didYouMean } from '../../../contracts/blocks-suggest';
import { type Block } from '../../../contracts/flow';
import { type Json } from '../../../contracts/json';
import { BlockError } from '../errors';
import { isObject, parseJson } from '../json';
import { type Sandbox } from '../sandbox';
import { render } from '../template';
import { type BlockIo } from '../types';
import { chat, modelIdOf, type Conversation } from './chat';
import { type StepIo } from './io';
import { McpConnections, type ServerTool } from './mcp';
import { cutForModel, type ToolResult } from './mcp-content';
import { type McpServers } from './mcp-servers';
import { type AiProviders } from './providers';

type FlowToolConfig = Extract<AiAgentConfig['tools'][number], { readonly kind: 'flow' }>;

export interface ToolCall {
  readonly server: string;
  readonly tool: string;
  readonly arguments: Readonly<Record<string, Json>>;
}

/** The steps of an AI Agent, each one attempt. Throws `BlockError`, or the signal's reason. */
export class AgentSteps {
  private readonly connections: McpConnections;

  constructor(
    private readonly sandbox: Sandbox,
    private readonly providers: AiProviders,
    servers: McpServers,
  ) {
    this.connections = new McpConnections(servers);
  }

  /** The conversation's beginning, and the tools there are. What cannot work is found out here, before anything is paid. */
  async begin(config: Block['config'], io: BlockIo): Promise<Omit<AgentBegun, 'reserved'>> {
    const settings = aiAgentConfigSchema.parse(config);
    modelIdOf(this.providers, settings.provider, settings.model);
    const [messages, tools] = await Promise.all([this.messages(settings, io), this.tools(settings, io)]);
    return { messages, tools };
  }

  async model(config: Block['config'], conversation: Conversation, io: StepIo): Promise<AgentModelAnswer> {
    const settings = aiAgentConfigSchema.parse(config);
    const answer = await chat(this.providers, settings, conversation, io);
    const { json, fault } = answer;
    if (fault !== undefined) return answer;
    if (answer.toolCalls.length > 0) return this.withRefusals(answer, conversation.tools, io);
    if (settings.output === undefined || json === undefined) return answer;
    const wrong = await this.misfit(settings.output.schema, json, io);
    if (wrong === null) return answer;
    const message = `the model's answer does not fit the schema: ${wrong}`;
    return { ...answer, fault: { cause: 'AgentOutputInvalid', message } };
  }

  /** A server looks at its own arguments; those of a flow are held to its parameters here. */
  private async withRefusals(
    answer: AgentModelAnswer,
    tools: Conversation['tools'],
    io: StepIo,
  ): Promise<AgentModelAnswer> {
    const refusals: (string | null)[] = [];
    for (const { name, arguments: text } of answer.toolCalls) {
      const tool = tools.find((each) => each.name === name);
      const given = tool === undefined || !('flow' in tool) ? null : argumentsIn(text);
      const schema = isObject(tool?.parameters) ? tool.parameters : null;
      const wrong = given === null || schema === null ? null : await this.misfit(schema, given, io);
      refusals.push(wrong === null ? null : `the arguments do not fit the parameters of "${name}": ${wrong}`);
    }
    return refusals.every((each) => each === null) ? answer : { ...answer, refusals };
  }

  /**
   * What of a value does not fit a schema, or null. A schema that cannot be applied fits nothing: the model has answered
   * and is paid, so it is not asked again.
   */
  private async misfit(schema: Record<string, Json>, value: Json, io: StepIo): Promise<string | null> {
    const scope = { input: value, inputs: {}, run: io.run };
    try {
      const { valid, errors } = await this.sandbox.validate(schema, undefined, scope, io.signal);
      return valid ? null : errorsText(errors).slice(0, MISFIT_MOST_CHARACTERS);
    } catch (error) {
      io.signal.throwIfAborted();
      if (!(error instanceof BlockError)) throw error;
      return error.message;
    }
  }

  async tool(config: Block['config'], call: ToolCall, io: StepIo): Promise<ToolResult> {
    const { timeoutSeconds } = aiAgentConfigSchema.parse(config);
    const { server, tool } = call;
    io.heartbeat();
    const { text, isError } = await this.connections.call(
      server,
      tool,
      { ...call.arguments },
      timeoutSeconds * 1000,
      io,
    );
    return { text: cutForModel(isError ? `error: ${text}` : text), isError };
  }

  close(): Promise<void> {
    return this.connections.close();
  }

  private async messages({ system, prompt }: AiAgentConfig, io: BlockIo): Promise<readonly AgentMessage[]> {
    const { value, redactor } = await render({ system: system ?? null, prompt }, io, this.sandbox);
    const texts = isObject(value) ? value : {};
    const told = (role: 'system' | 'user', text: Json | undefined): AgentMessage[] =>
      text === undefined || text === null
        ? []
        : [{ role, content: redactor.text(typeof text === 'string' ? text : JSON.stringify(text)) }];
    const user = told('user', texts['prompt']);
    if (user.length === 0) {
      throw new BlockError('TemplateFailed', 'the prompt yields nothing; the model must be asked something');
    }
    const messages = [...told('system', texts['system']), ...user];
    const bytes = utf8Bytes(JSON.stringify(messages));
    if (bytes <= AGENT_PROMPT_MOST_BYTES) return messages;
    throw new BlockError(
      'AgentPromptTooLarge',
      `the prompt has ${sizeText(bytes)}, the system text included; the most is ${sizeText(AGENT_PROMPT_MOST_BYTES)}`,
    );
  }

  private async tools({ tools, timeoutSeconds }: AiAgentConfig, io: StepIo): Promise<readonly AgentTool[]> {
    const offered = await Promise.all(
      tools.map(async (source) => {
        if (source.kind === 'flow') return [flowTool(source)];
        const { server } = source;
        const all = await this.connections.tools(server, timeoutSeconds * 1000, io);
        return chosen(server, all, source.tools).map((tool) => serverTool(server, tool));
      }),
    );
    const taken = new Set<string>();
    const all = offered.flat().map((tool): AgentTool => {
      // Endpoints take letters, digits, `_` and `-`, 64 of them; two servers may have tools of one name.
      const plain = tool.name.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 60);
      let unique = plain;
      for (let count = 2; taken.has(unique); count += 1) unique = `${plain}_${count}`;
      taken.add(unique);
      return { ...tool, name: unique };
    });
    checkSize(all);
    return all;
  }
}

const MISFIT_MOST_CHARACTERS = 500;

/** `/city must be string; must have required property 'id'`. */
function errorsText(errors: Json): string {
  const all = Array.isArray(errors) ? errors : [];
  return all
    .flatMap((each) => (isObject(each) ? [`${textOf(each['path'])} ${textOf(each['message'])}`.trim()] : []))
    .join('; ');
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** Null for what is no object: that is said of any tool. */
function argumentsIn(text: string): Json | null {
  try {
    const value = parseJson(text.trim() === '' ? '{}' : text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function serverTool(server: string, { name, description, inputSchema }: ServerTool): AgentTool {
  const parameters = parseJson(JSON.stringify(inputSchema));
  return { name: `${server}__${name}`, server, tool: name, description, parameters };
}

/** The workflow executes it: the block's config, as the steps get it, does not have its blocks. */
function flowTool({ name, description, parameters }: FlowToolConfig): AgentTool {
  return { name, flow: name, description, parameters: parameters ?? { type: 'object' } };
}

function chosen(
  server: string,
  all: readonly ServerTool[],
  names: readonly string[] | undefined,
): readonly ServerTool[] {
  if (names === undefined) return all;
  return names.map((name) => {
    const found = all.find((tool) => tool.name === name);
    if (found !== undefined) return found;
    const known = all.map((tool) => tool.name);
    throw new BlockError(
      'McpToolUnknown',
      `MCP server "${server}" has no tool "${name}"${didYouMean(name, known)}`,
    );
  });
}

function checkSize(tools: readonly AgentTool[]): void {
  const bytes = jsonBytes(tools.map((tool) => ({ ...tool })));
  if (tools.length <= AGENT_TOOLS_MOST && bytes <= AGENT_TOOLS_MOST_BYTES) return;
  throw new BlockError(
    'AgentToolsTooLarge',
    `the tools are ${tools.length}, described in ${sizeText(bytes)}; the most is ${AGENT_TOOLS_MOST} in ${sizeText(AGENT_TOOLS_MOST_BYTES)}: name the ones that are needed in "tools"`,
  );
}
