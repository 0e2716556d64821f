import { type ConnectorSpec } from '../../../contracts/connectors';
import { type ConnectorConfig } from '../../../contracts/blocks-config';
import { type Json } from '../../../contracts/json';
import { type JsonObject } from '../json';
import { type Redactor } from '../redact';
import { type BlockIo } from '../types';

/** One call of an operation: its parameters have their templates filled in, and fit the operation. */
export interface ServiceCall {
  readonly settings: ConnectorConfig;
  readonly parameters: JsonObject;
  /** Knows the secrets of the parameters; what else becomes known goes in here. */
  readonly redactor: Redactor;
  readonly io: BlockIo;
}

/** A service as the `connector` block has it, wherever it comes from. */
export interface Service {
  readonly spec: ConnectorSpec;
  /** Throws `BlockError`, or the signal's reason. Neither it nor what it gives holds a secret. */
  execute(call: ServiceCall): Promise<Json>;
  close(): Promise<void>;
}
