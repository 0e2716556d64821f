/** A ledger under measurement: it reserves one credit for a key of a caller's run, and commits it. */
export interface Contender {
  readonly name: string;
  /** Teams with credits, and for each caller a run that may use them. Caller `n` belongs to team `n % teams`. */
  prepare(teams: number, callers: number): Promise<Workload>;
  close(): Promise<void>;
}

export interface Workload {
  reserve(caller: number, key: string): Promise<void>;
  commit(caller: number, key: string): Promise<void>;
}

/** Credits per operation. */
export const PRICE_MILLICREDITS = 1_000n;
/** More than any round uses. */
export const FUNDS_MILLICREDITS = 1_000_000_000_000n;
