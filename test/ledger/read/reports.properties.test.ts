import { describe, expect, it } from '@jest/globals';
import { Temporal } from '@js-temporal/polyfill';
import fc from 'fast-check';
import { moveClock, openLedger } from '../../../src/ledger';
import { chargeKey, type TeamRows } from '../../../src/ledger/core';
import { leftOf } from '../../../src/ledger/core/reverse';
import { type Entry, type PastCharge } from '../../../src/ledger/core/types';
import { openReader, USAGE_BY, type LedgerReader, type UsageBy } from '../../../src/ledger/read';
import { testDatabase } from '../../support';
import { arbitrarySteps, type Step } from '../core/arbitrary-operations';
import { TEST_RULES } from '../core/rules';
import { teamRows } from '../store/team-rows';

/** After random operations on real Postgres, reports say what the entries say, added up the slow way. */

interface Expected {
  charges: number;
  amount: bigint;
  reversed: bigint;
  readonly sources: Record<string, bigint>;
}

function keyOf(by: UsageBy, entry: Entry, rows: TeamRows): string {
  switch (by) {
    case 'flow':
      return rows.runs.get(entry.runId ?? '')?.flow ?? '';
    case 'type':
      return entry.detail?.type ?? entry.key ?? '';
    case 'run':
      return entry.runId ?? '';
    case 'day': {
      const zone = rows.team.timeZone;
      return Temporal.Instant.fromEpochMilliseconds(entry.at)
        .toZonedDateTimeISO(zone)
        .toPlainDate()
        .toString();
    }
  }
}

function sourceOf(source: string, rows: TeamRows): string {
  const id = /^grant:(\d+)$/.exec(source)?.[1];
  return id === undefined ? source : (rows.grants.get(Number(id))?.kind ?? '');
}

/** What is left of a charge, taken from its first source on. */
function plus(sum: Expected, charge: PastCharge, rows: TeamRows): void {
  let left: bigint = leftOf(charge);
  sum.charges += 1;
  sum.amount += left;
  sum.reversed += charge.amount - left;
  for (const { source, amount } of charge.parts) {
    const part = amount < left ? amount : left;
    left -= part;
    const kind = sourceOf(source, rows);
    sum.sources[kind] = (sum.sources[kind] ?? 0n) + part;
  }
}

function expectedOf(by: UsageBy, entries: readonly Entry[], rows: TeamRows): Map<string, Expected> {
  const all = new Map<string, Expected>();
  for (const entry of entries) {
    const charge = rows.charges.get(chargeKey(entry.runId ?? '', entry.key ?? ''));
    if (entry.kind !== 'charge' || charge === undefined) continue;
    const key = keyOf(by, entry, rows);
    const sum = all.get(key) ?? { charges: 0, amount: 0n, reversed: 0n, sources: {} };
    all.set(key, sum);
    plus(sum, charge, rows);
  }
  return all;
}

async function compare(reader: LedgerReader, team: string, rows: TeamRows): Promise<void> {
  const { entries } = rows;
  const [first, last] = [entries[0], entries.at(-1)];
  if (first === undefined || last === undefined) return;
  const middle = entries[Math.floor(entries.length / 2)] ?? first;
  for (const by of USAGE_BY) {
    for (const [from, to] of [
      [first.at, last.at + 1],
      [middle.at, last.at + 1],
      [first.at, Math.max(middle.at, first.at + 1)],
    ] as const) {
      const within = entries.filter(({ at }) => at >= from && at < to);
      const report = await reader.usage(team, { by, from, to });
      const found = new Map(report?.rows.map(({ key, ...amounts }) => [key, amounts]));
      const expected = expectedOf(by, within, rows);
      expect([...found.keys()].sort()).toEqual([...expected.keys()].sort());
      for (const [key, { sources, ...sums }] of expected) {
        const zero = { included: 0n, purchased: 0n, adjustment: 0n, payg: 0n, overdraft: 0n };
        expect(found.get(key)).toMatchObject({ ...sums, ...zero, ...sources });
      }
    }
  }
  let ofPeriods = 0n;
  for (const period of new Set(entries.map((entry) => entry.period))) {
    ofPeriods += (await reader.usage(team, { by: 'flow', period }))?.total.amount ?? 0n;
  }
  const all = await reader.usage(team, { by: 'flow', from: first.at, to: last.at + 1 });
  expect(ofPeriods).toBe(all?.total.amount);
  const streamed = [];
  for await (const page of reader.pastUsage(team, { since: first.at, pageSize: 3 })) streamed.push(...page);
  const charges = entries.filter(({ kind }) => kind === 'charge');
  expect(streamed.map(({ seq }) => seq)).toEqual(charges.map(({ seq }) => seq));
  expect(streamed.map(({ reversals }) => reversals)).toEqual(
    charges.map(({ runId, key }) => rows.charges.get(chargeKey(runId ?? '', key ?? ''))?.reversals),
  );
  const audited = await reader.audit(team, { limit: 10_000 });
  expect(audited.map(({ seq }) => seq)).toEqual(
    entries
      .filter(({ actor }) => actor !== null)
      .map(({ seq }) => seq)
      .reverse(),
  );
}

async function drive(steps: readonly Step[]): Promise<void> {
  const database = await testDatabase();
  const ledger = await openLedger({ databaseUrl: database.url, rules: TEST_RULES });
  const reader = openReader(database.pool, TEST_RULES);
  try {
    for (const { waitMs, operation } of steps) {
      if (waitMs > 0) await moveClock(database.pool, waitMs);
      await ledger.submit(operation);
    }
    for (const team of await reader.teams({ after: null, limit: 100 })) {
      await compare(reader, team, await teamRows(database.pool, team));
      const line = await reader.line(team, { after: 0, limit: 1_000 });
      const now = line.filter(({ goes }) => goes?.resets === 0).map(({ runId }) => runId);
      const released = await ledger.submit({ kind: 'release', team, most: 1_000 });
      expect(released.status === 'released' ? released.runs.map(({ runId }) => runId) : []).toEqual(now);
    }
  } finally {
    await ledger.close();
    await database.drop();
  }
}

describe('reports after random operations', () => {
  it('say what the entries say, and who a release then lets go', async () => {
    const steps = arbitrarySteps({ teams: 2, phrases: 60 });
    await fc.assert(fc.asyncProperty(steps, drive), { numRuns: 5, endOnFailure: true });
  });
});
