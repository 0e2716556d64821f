import { type Json } from '../../contracts/json';
import { type BlockIo, type BlockRun } from './types';

/** What an expression sees. */
export interface Scope {
  readonly input: Json;
  readonly inputs: Readonly<Record<string, Json>>;
  readonly run: BlockRun;
}

export function scopeOf({ input, inputs, run }: BlockIo): Scope {
  return { input, inputs, run };
}
