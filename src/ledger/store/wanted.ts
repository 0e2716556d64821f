import { needsOfAll } from '../core';
import { type Operation } from '../core/operations';
import { type Needs, type WaitingFilter } from '../core/types';

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
  readonly lines = new Keys();

  get nothing(): boolean {
    const { teams, runs, ahead, charges, chargesWithGrants, requests, lines } = this;
    const keys = [runs, ahead, charges, chargesWithGrants, requests, lines];
    return teams.size === 0 && keys.every(({ empty }) => empty);
  }

  add(needs: Needs): void {
    const { team, line, grantsOfCharges } = needs;
    this.teams.add(team);
    for (const runId of needs.runs) this.runs.add(team, runId);
    for (const runId of needs.ahead) this.ahead.add(team, runId);
    for (const { runId, key } of needs.charges) {
      this.charges.add(team, runId, key);
      if (grantsOfCharges) this.chargesWithGrants.add(team, runId, key);
    }
    for (const requestId of needs.requests) this.requests.add(team, requestId);
    if (line > 0) this.lines.add(team, String(line));
    for (const runId of needs.chargesOfRuns) this.chargesOfRuns.add(team, runId);
    for (const { flow, trigger } of needs.sameFlow) this.sameFlow.add(team, flow, trigger);
    if (needs.newBacklog) this.newBacklogs.add(team);
    for (const filter of needs.matching) this.matching.push({ team, filter });
    if (needs.starting) this.starting.add(team);
  }
}

/** All that the core needs for these operations. */
export function wantedBy(operations: readonly Operation[]): Wanted {
  const byTeam = new Map<string, Operation[]>();
  for (const operation of operations) {
    const own = byTeam.get(operation.team);
    if (own === undefined) byTeam.set(operation.team, [operation]);
    else own.push(operation);
  }
  const wanted = new Wanted();
  for (const [team, own] of byTeam) wanted.add(needsOfAll(team, own));
  return wanted;
}
