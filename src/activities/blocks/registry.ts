import { type LookupFunction } from 'node:net';
import { BLOCK_TYPES, executionOf } from '../../contracts/blocks-types';
import { didYouMean } from '../../contracts/blocks-suggest';
import { jsonBytes, sizeText, VALUE_MOST_BYTES } from '../../contracts/blocks-size';
import { type Block } from '../../contracts/flow';
import { type Json } from '../../contracts/json';
import { AgentSteps, type ToolCall } from './ai/agent';
import { type BlobStore } from './ai/blobs';
import { type Conversation } from './ai/chat';
import { type McpServers } from './ai/mcp-servers';
import { mediaBlock } from './ai/media';
import { type AiProviders } from './ai/providers';
import { type Connector } from '../../contracts/connectors';
import { type OwnBlock } from '../../contracts/own-blocks';
import { conditionBlock } from './condition';
import { connectorBlock } from './connectors/connector';
import { servicesFrom } from './connectors/services-from';
import { delayBlock } from './delay';
import { orBlock } from './or';
import { type ConnectorServices } from './connectors/services';
import { BlockError } from './errors';
import { evaluateBlock } from './evaluate';
import { HttpCaller } from './http-caller';
import { httpRequestBlock } from './http-request';
import { ifBlock } from './if';
import { forBlock, repeatBlock } from './loops';
import { Sandbox } from './sandbox';
import { ownBlock } from './own-block';
import { Redactor } from './redact';
import { EnvironmentSecrets, notedSecrets } from './secrets';
import { render, secretsNamedIn } from './template';
import { type BlockExecutor, type BlockIo, type BlockResult, type BlockRun, type SecretStore } from './types';
import { validateBlock } from './validate';
import { errorWithoutSecrets } from './without-secrets';

/** What blocks may use: secrets, services, models, tools, and which addresses. */
export interface BlockRegistryOptions {
  /** Default: the environment variables `FLOW_CREDITS_SECRET_<NAME>` and the file `FLOW_CREDITS_SECRETS_FILE`. */
  readonly secrets?: SecretStore;
  /** Services that `connector` blocks may call, by name, as the platform's file has them. Default: none. */
  readonly services?: ConnectorServices;
  /** Services that the platform's code adds, by `defineConnector`. */
  readonly connectors?: readonly Connector[];
  /** Endpoints that AI blocks may call, by name. Default: none. */
  readonly providers?: AiProviders;
  /** MCP servers whose tools agents may be given, by name. Default: none. */
  readonly mcpServers?: McpServers;
  /** Where media go. Default: nowhere, and blocks that make some are refused. */
  readonly blobs?: BlobStore;
  /**
   * What flows may reach although it is not on the public internet: hosts, `host:port`, addresses, networks such as
   * `10.1.0.0/16`. Default: nothing. A connector service's own host needs no entry.
   */
  readonly httpAllow?: readonly string[];
  /** How names become addresses. Default: the system's. */
  readonly lookup?: LookupFunction;
  /** A platform's own block types, by `defineBlock`. */
  readonly own?: readonly OwnBlock[];
  /** Executors of types that somebody else validates and describes. */
  readonly blocks?: readonly BlockExecutor[];
}

/** What a caller brings; `input` follows from `inputs`. */
export interface BlockCall {
  readonly inputs: Readonly<Record<string, Json>>;
  readonly run: BlockRun;
  readonly signal: AbortSignal;
  readonly heartbeat: () => void;
}

/** The config of the agent's block comes first. */
export interface AgentRegistry {
  begin(block: Block, call: BlockCall): ReturnType<AgentSteps['begin']>;
  model(block: Block, conversation: Conversation, call: StepCall): ReturnType<AgentSteps['model']>;
  tool(block: Block, tool: ToolCall, call: StepCall): ReturnType<AgentSteps['tool']>;
}

export type StepCall = Omit<BlockCall, 'inputs'>;

/** The blocks a worker can execute. It owns connections and a thread: close it. */
export interface BlockRegistry {
  /** Null for a type that needs no executing or that nobody registered. */
  get(type: string): BlockExecutor | null;
  /** Executes a block. Throws {@link BlockError}, or the signal's reason when it is aborted. */
  run(block: Block, call: BlockCall): Promise<BlockResult>;
  /** The steps of an `ai-agent`, each like {@link BlockRegistry.run}. */
  readonly agent: AgentRegistry;
  close(): Promise<void>;
}

/** Makes the registry. Throws `TypeError` when an own type has a name of ours, or two types or services share one. */
export function createBlockRegistry(options: BlockRegistryOptions = {}): BlockRegistry {
  const sandbox = new Sandbox();
  const http = new HttpCaller({ allow: options.httpAllow, lookup: options.lookup });
  const executors = new Map<string, BlockExecutor>();
  const secrets = options.secrets ?? new EnvironmentSecrets();
  const providers = options.providers ?? {};
  const agent = new AgentSteps(sandbox, providers, options.mcpServers ?? {});
  const services = servicesFrom(options, http);
  const platformSecrets = secretsNamedIn([
    options.services,
    options.connectors?.map(({ credentials }) => credentials),
    options.providers,
    options.mcpServers,
  ]);
  const ioOf = (call: BlockCall, store: SecretStore): BlockIo => {
    const io: BlockIo = {
      ...call,
      input: inputFrom(call.inputs),
      secrets: store,
      platformSecrets,
      fill: async (value) => (await render(value, io, sandbox)).value,
    };
    return io;
  };
  for (const executor of [
    orBlock,
    delayBlock,
    conditionBlock(sandbox),
    ifBlock(sandbox),
    validateBlock(sandbox),
    evaluateBlock(sandbox),
    forBlock(sandbox),
    repeatBlock(sandbox),
    httpRequestBlock(sandbox, http),
    connectorBlock(sandbox, services),
    mediaBlock(sandbox, providers, options.blobs, http),
    ...(options.own ?? []).map(ownBlock),
    ...(options.blocks ?? []),
  ]) {
    if (executors.has(executor.type) || needsNoExecuting(executor.type)) {
      throw new TypeError(`block type "${executor.type}" is taken; register yours under another name`);
    }
    executors.set(executor.type, executor);
  }
  return {
    get: (type) => executors.get(type) ?? null,
    run: async (block, call) => {
      const executor = executors.get(block.type);
      if (executor === undefined) throw unknownType(block, [...executors.keys()]);
      call.signal.throwIfAborted();
      const redactor = new Redactor();
      const io = ioOf(call, notedSecrets(secrets, redactor));
      try {
        return checked(block, withoutSecrets(await executor.execute(block.config, io), redactor));
      } catch (error) {
        throw errorWithoutSecrets(error, redactor);
      }
    },
    agent: {
      begin: ({ config }, call) => agent.begin(config, ioOf(call, secrets)),
      model: ({ config }, conversation, call) => agent.model(config, conversation, { ...call, secrets }),
      tool: ({ config }, tool, call) => agent.tool(config, tool, { ...call, secrets }),
    },
    close: async () => {
      const connectors = Object.values(services).map((service) => service.close());
      await Promise.all([sandbox.close(), http.close(), agent.close(), ...connectors]);
    },
  };
}

/** Whatever a block is, its own or a platform's: the secrets it asked for do not leave it as a value. */
function withoutSecrets(result: BlockResult, redactor: Redactor): BlockResult {
  return result.value === undefined ? result : { ...result, value: redactor.json(result.value) };
}

/** Types whose executing is the workflow's own. */
function needsNoExecuting(type: string): boolean {
  const execution = Object.hasOwn(BLOCK_TYPES, type) ? executionOf(type) : null;
  return execution === 'interpreter' || execution === 'agent';
}

function unknownType({ id, type }: Block, known: readonly string[]): BlockError {
  return new BlockError(
    'TypeUnknown',
    `block "${id}" has type "${type}", which this worker cannot execute${didYouMean(type, known)}`,
  );
}

/** A block's input: nothing is null, one value is itself, several are an object by sender id. */
export function inputFrom(inputs: Readonly<Record<string, Json>>): Json {
  const values = Object.values(inputs);
  if (values.length > 1) return { ...inputs };
  return values[0] ?? null;
}

function checked(block: Block, result: BlockResult): BlockResult {
  const bytes = result.value === undefined ? 0 : jsonBytes(result.value);
  if (bytes <= VALUE_MOST_BYTES) return result;
  throw new BlockError(
    'ResultTooLarge',
    `block "${block.id}" delivered ${sizeText(bytes)}; the most is ${sizeText(VALUE_MOST_BYTES)}: hand on only what is needed`,
    result.usage === undefined ? {} : { usage: result.usage },
  );
}
