import { type LookupFunction } from 'node:net';
import { BLOCK_TYPES, executionOf } from '../../contracts/blocks-types';
import { didYouMean } from '../../contracts/blocks-suggest';
import { jsonBytes, sizeText, VALUE_MOST_BYTES } from '../../contracts/blocks-size';
import { type Block } from '../../contracts/flow';
import { type Json } from '../../contracts/json';
import { conditionBlock } from './condition';
import { connectorBlock } from './connector';
import { delayBlock } from './delay';
import { orBlock } from './or';
import { type ConnectorServices } from './connector-services';
import { BlockError } from './errors';
import { evaluateBlock } from './evaluate';
import { HttpCaller } from './http-caller';
import { httpRequestBlock } from './http-request';
import { ifBlock } from './if';
import { Sandbox } from './sandbox';
import { EnvironmentSecrets } from './secrets';
import { type BlockExecutor, type BlockIo, type BlockResult, type BlockRun, type SecretStore } from './types';
import { validateBlock } from './validate';

export interface BlockRegistryOptions {
  /** Default: the environment variables `FLOW_CREDITS_SECRET_<NAME>` and the file `FLOW_CREDITS_SECRETS_FILE`. */
  readonly secrets?: SecretStore;
  /** Services that `connector` blocks may call, by name. Default: none. */
  readonly services?: ConnectorServices;
  /**
   * What flows may reach although it is not on the public internet: hosts, `host:port`, addresses, networks such as
   * `10.1.0.0/16`. Default: nothing. A connector service's own host needs no entry.
   */
  readonly httpAllow?: readonly string[];
  /** How names become addresses. Default: the system's. */
  readonly lookup?: LookupFunction;
  /** A platform's own block types. */
  readonly blocks?: readonly BlockExecutor[];
}

/** What a caller brings; `input` follows from `inputs`. */
export interface BlockCall {
  readonly inputs: Readonly<Record<string, Json>>;
  readonly run: BlockRun;
  readonly signal: AbortSignal;
  readonly heartbeat: () => void;
}

/** The blocks a worker can execute. It owns connections and a thread: close it. */
export interface BlockRegistry {
  /** Null for a type that needs no executing or that nobody registered. */
  get(type: string): BlockExecutor | null;
  /** Executes a block. Throws {@link BlockError}, or the signal's reason when it is aborted. */
  run(block: Block, call: BlockCall): Promise<BlockResult>;
  close(): Promise<void>;
}

/** Makes the registry. Throws `TypeError` when an own type has a name of ours, or two share one. */
export function createBlockRegistry(options: BlockRegistryOptions = {}): BlockRegistry {
  const sandbox = new Sandbox();
  const http = new HttpCaller({ allow: options.httpAllow, lookup: options.lookup });
  const executors = new Map<string, BlockExecutor>();
  const secrets = options.secrets ?? new EnvironmentSecrets();
  for (const executor of [
    orBlock,
    delayBlock,
    conditionBlock(sandbox),
    ifBlock(sandbox),
    validateBlock(sandbox),
    evaluateBlock(sandbox),
    httpRequestBlock(sandbox, http),
    connectorBlock(sandbox, http, options.services ?? {}),
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
      const io: BlockIo = { ...call, input: inputFrom(call.inputs), secrets };
      return checked(block, await executor.execute(block.config, io));
    },
    close: async () => {
      await Promise.all([sandbox.close(), http.close()]);
    },
  };
}

function needsNoExecuting(type: string): boolean {
  return Object.hasOwn(BLOCK_TYPES, type) && executionOf(type) === 'interpreter';
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
