import { type TeamRows } from '../../../src/ledger/core';
import { type CommittedBatch } from '../../../src/ledger';
import { type Rules } from '../../../src/ledger/core/types';
import { PartialLedger } from '../core/books-of-needs';

/**
 * What the core makes of the batches that were committed, team by team in the order of the team's versions: that is
 * the order in which their transactions held the team's lock, whichever process they came from. It sees what a batch loads and
 * no more: a release whose batch takes more from the line than it loaded does less, and says so.
 */
export function replay(batches: readonly CommittedBatch[], rules: Rules): ReadonlyMap<string, TeamRows> {
  const memory = new PartialLedger(rules);
  const teams = new Set(batches.flatMap(({ versions }) => [...versions.keys()]));
  for (const team of teams) {
    const ofTeam = batches.flatMap(({ operations, now, versions }) => {
      const version = versions.get(team);
      const own = operations.filter((operation) => operation.team === team);
      return version === undefined || own.length === 0 ? [] : [{ ...version, now, own }];
    });
    // One that changed nothing stood between the one that made its version and the one that made the next.
    ofTeam.sort((a, b) => a.after - b.after || a.before - b.before);
    for (const { own, now } of ofTeam) memory.apply(own, now);
  }
  return new Map(memory.teams().map((rows) => [rows.team.team, rows]));
}

/** As one comparable value: entries and statements in order, all else by its key. */
export function comparable(rows: TeamRows): unknown {
  const byKey = <T>(map: ReadonlyMap<string | number, T>): Record<string, T> =>
    Object.fromEntries([...map].map(([key, value]) => [`#${key}`, value]));
  return {
    ...rows,
    grants: byKey(rows.grants),
    runs: byKey(rows.runs),
    charges: byKey(rows.charges),
    requests: byKey(rows.requests),
  };
}
