import { type Block } from '../../contracts/flow';
import { type Json } from '../../contracts/json';
import { type Usage } from '../../contracts/usage';

/** What of its run a block may see: `run` in expressions. No secrets, no credits. */
export interface BlockRun {
  readonly id: string;
  readonly team: string;
  readonly flow: string;
  readonly trigger: string;
  readonly location: string;
}

/**
 * Where secrets come from. Asked in activities only, right before use; what it answered is masked in what the block
 * delivers and in its failures.
 */
export interface SecretStore {
  /** The secret's value, or null if the team has none of that name. */
  get(team: string, name: string): Promise<string | null>;
}

/** What a block is given besides its config. */
export interface BlockIo {
  /** Nothing is null, one value is itself, several are an object by sender id. */
  readonly input: Json;
  /** Values by the id of the block that sent them. */
  readonly inputs: Readonly<Record<string, Json>>;
  readonly run: BlockRun;
  readonly secrets: SecretStore;
  /** Names of secrets that are the platform's own: what flow authors wrote gets none of them. */
  readonly platformSecrets: ReadonlySet<string>;
  /** Fills the templates of a config's value in. What comes of it may hold secrets, and goes nowhere but where it is used. */
  readonly fill: (value: Json) => Promise<Json>;
  /** Aborted on cancellation and at the attempt's end. A block that sees it aborted throws its reason. */
  readonly signal: AbortSignal;
  /** Says that the block is alive. Long work calls it; so may whoever runs the block, on a timer. */
  readonly heartbeat: () => void;
}

/** What came of a block: left out, `port` is `out`, and `value` is the block's input, handed on. */
export interface BlockResult {
  readonly port?: string;
  readonly value?: Json;
  readonly usage?: Usage;
}

/** How one block type executes. */
export interface BlockExecutor {
  readonly type: string;
  /** `logic` is pure and short and may run as a local activity; `external` leaves the process. */
  readonly kind: 'logic' | 'external';
  /** `config` has passed validation. Throws {@link BlockError}, or the signal's reason when it is aborted. */
  execute(config: Block['config'], io: BlockIo): Promise<BlockResult>;
}
