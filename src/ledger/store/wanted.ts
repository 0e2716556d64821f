import { mayChangeBacklog, needs } from '../core';
import { type Operation } from '../core/operations';
import { type WaitingFilter } from '../core/types';

/** Keys of rows as parallel lists: one list is one parameter of a statement. */
export class Keys {
  readonly teams: string[] = [];
  readonly first: string[] = [];
  readonly second: string[] = [];

  add(team: string, first: string, second = ''): void {
    this.teams.push(team);
    this.first.push(first);
    this.second.push(second);
  }

  get empty(): boolean {
    return this.teams.length === 0;
  }
}

/** What must be read for a batch. The same key may be named more than once. */
export class Wanted {
  /** Teams of which the row and the live grants are read. */
  readonly teams = new Set<string>();
  readonly runs = new Keys();
  readonly ahead = new Keys();
  readonly charges = new Keys();
  readonly chargesWithGrants = new Keys();
  readonly chargesOfRuns = new Keys();
  readonly requests = new Keys();
  readonly sameFlow = new Keys();
  /** Teams whose backlog rules the batch may change before it comes to an admission. */
  readonly newBacklogs = new Set<string>();
  readonly matching: { readonly team: string; readonly filter: WaitingFilter }[] = [];
  /** Teams of which the runs that are unheard of are read. */
  readonly starting = new Set<string>();
  private readonly lineLengths = new Map<string, number>();

  get nothing(): boolean {
    const { teams, runs, ahead, charges, chargesWithGrants, requests, lineLengths } = this;
    const keys = [runs, ahead, charges, chargesWithGrants, requests];
    return teams.size === 0 && lineLengths.size === 0 && keys.every(({ empty }) => empty);
  }

  addLine(team: string, length: number): void {
    // Releases within one batch follow one another along the line.
    this.lineLengths.set(team, (this.lineLengths.get(team) ?? 0) + length);
  }

  get lines(): Keys {
    const keys = new Keys();
    for (const [team, length] of this.lineLengths) keys.add(team, String(length));
    return keys;
  }
}

/** All that the core needs for these operations. */
export function wantedBy(operations: readonly Operation[]): Wanted {
  const wanted = new Wanted();
  for (const operation of operations) {
    const wants = needs(operation);
    const { team, runs, ahead, line, charges, grantsOfCharges, requests } = wants;
    wanted.teams.add(team);
    if (mayChangeBacklog(operation)) wanted.newBacklogs.add(team);
    for (const runId of runs) wanted.runs.add(team, runId);
    for (const runId of ahead) wanted.ahead.add(team, runId);
    for (const { runId, key } of charges) {
      wanted.charges.add(team, runId, key);
      if (grantsOfCharges) wanted.chargesWithGrants.add(team, runId, key);
    }
    for (const requestId of requests) wanted.requests.add(team, requestId);
    if (line > 0) wanted.addLine(team, line);
    for (const runId of wants.chargesOfRuns) wanted.chargesOfRuns.add(team, runId);
    for (const { flow, trigger } of wants.sameFlow) wanted.sameFlow.add(team, flow, trigger);
    for (const filter of wants.matching) wanted.matching.push({ team, filter });
    if (wants.starting) wanted.starting.add(team);
  }
  return wanted;
}
