import { needs } from '../core';
import { type Operation } from '../core/operations';

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
  readonly requests = new Keys();
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
    const { team, runs, ahead, line, charges, grantsOfCharges, requests } = needs(operation);
    wanted.teams.add(team);
    for (const runId of runs) wanted.runs.add(team, runId);
    for (const runId of ahead) wanted.ahead.add(team, runId);
    for (const { runId, key } of charges) {
      wanted.charges.add(team, runId, key);
      if (grantsOfCharges) wanted.chargesWithGrants.add(team, runId, key);
    }
    for (const requestId of requests) wanted.requests.add(team, requestId);
    if (line > 0) wanted.addLine(team, line);
  }
  return wanted;
}
