import { beforeAll, describe, expect, it } from '@jest/globals';
import { openPastLedger, type Ledger } from '../../../src/ledger';
import { openReader, type LedgerReader } from '../../../src/ledger/read';
import { atEnd, testDatabase, type TestDatabase } from '../../support';
import { TEST_RULES } from '../core/rules';
import { admitting, committing, newTeam, openTestLedger } from './scene';

const DAY_MS = 86_400_000;

let database: TestDatabase;
let reader: LedgerReader;
let now: number;
let past: number;
let before: Ledger;
beforeAll(async () => {
  database = await testDatabase();
  reader = openReader(database.pool, TEST_RULES);
  now = await reader.now();
  past = now;
  before = await openPastLedger({ databaseUrl: database.url, rules: TEST_RULES }, () => past);
  atEnd(() => before.close());
});

/** One run from its start to its end, `days` days ago. */
async function ranDaysAgo(ledger: Ledger, team: string, run: string, days: number): Promise<void> {
  past = now - days * DAY_MS;
  await ledger.submit(admitting(team, run));
  await ledger.submit(committing(team, run, 'a'));
  await ledger.submit({ kind: 'close', team, runId: run, reason: 'completed' });
}

describe('a ledger in the past', () => {
  it('closes the months between one operation and the next, and hands a team on to the present', async () => {
    past = now - 75 * DAY_MS;
    await before.submit(newTeam('acme'));
    for (const days of [70, 40, 1]) await ranDaysAgo(before, 'acme', `r${String(days)}`, days);
    const runs = await reader.runs('acme', { limit: 10 });
    // Postgres tells the time, and some milliseconds may pass while operations follow one another.
    expect(runs.map(({ askedAt }) => Math.round((now - askedAt) / DAY_MS))).toEqual([1, 40, 70]);
    expect(runs.map(({ closedAt }) => Math.round((now - (closedAt ?? 0)) / DAY_MS))).toEqual([1, 40, 70]);

    const present = await openTestLedger(database.url);
    await present.submit(admitting('acme', 'now'));
    const [latest] = await reader.runs('acme', { limit: 1 });
    expect(latest?.askedAt).toBeGreaterThanOrEqual(now);
    const statements = await reader.statements('acme');
    expect(statements.length).toBeGreaterThanOrEqual(2);
    expect(statements.every(({ charged }) => charged <= 2000n)).toBe(true);
    expect(await reader.verify()).toMatchObject({ clean: true, violations: [] });
  });

  it('neither takes a team back nor lets one get ahead', async () => {
    const present = await openTestLedger(database.url);
    await present.submit(newTeam('birch'));
    await ranDaysAgo(before, 'birch', 'early', 30);
    await ranDaysAgo(before, 'birch', 'ahead', -30);
    const runs = await reader.runs('birch', { limit: 10 });
    const latest = await reader.now();
    expect(runs).toHaveLength(2);
    for (const { askedAt } of runs) {
      expect(askedAt).toBeGreaterThanOrEqual(now);
      expect(askedAt).toBeLessThanOrEqual(latest);
    }
    expect((await reader.verify()).clean).toBe(true);
  });
});
