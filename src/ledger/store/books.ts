import {
  type Books,
  type Grant,
  type PastCharge,
  type RequestRecord,
  type Run,
  type Team,
} from '../core/types';
import { type Version } from './rows/teams';

/** Books of a team as they are put together from what was read or remembered. */
export class LoadedBooks implements Books {
  readonly runs = new Map<string, Run>();
  readonly line: string[] = [];
  readonly ahead = new Map<string, number>();
  readonly charges = new Map<string, PastCharge>();
  readonly requests = new Map<string, RequestRecord>();

  constructor(
    readonly team: Team,
    /** Of the row: the transaction that changes the team counts it up, and fails if somebody else did. */
    readonly version: Version,
    readonly grants: ReadonlyMap<number, Grant>,
  ) {}
}
