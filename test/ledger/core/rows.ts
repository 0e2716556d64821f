import { type TeamRows } from '../../../src/ledger/core';

/** All rows of a team as one text, to compare. */
export function rowsAsText(rows: TeamRows): string {
  return JSON.stringify(
    {
      team: rows.team,
      grants: [...rows.grants.values()],
      runs: [...rows.runs.values()],
      charges: [...rows.charges.values()],
      requests: [...rows.requests.values()],
      entries: rows.entries,
      statements: rows.statements,
      events: rows.events,
      line: rows.line,
    },
    (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value),
  );
}

/** Freezes rows and what they hold: a rule that mutates one of them then throws. */
export function deepFreeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const one of Object.values(value)) deepFreeze(one);
}

/** The rows themselves: equal by identity iff nothing was written. */
export function rowsOf(rows: TeamRows): readonly unknown[] {
  return [
    rows.team,
    rows.line,
    rows.entries.length,
    rows.statements.length,
    rows.events.length,
    ...rows.grants.values(),
    ...rows.runs.values(),
    ...rows.charges.values(),
    ...rows.requests.values(),
  ];
}
