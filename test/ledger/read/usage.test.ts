import { beforeAll, describe, expect, it } from '@jest/globals';
import { credits } from '../../../src/contracts/millicredits';
import { moveClock } from '../../../src/ledger';
import { type UsageBy, type UsageReport, type UsageRequest } from '../../../src/ledger/read';
import { ENTRY_COLUMNS } from '../../../src/ledger/store/rows/entries';
import { uniqueName } from '../../support';
import { command, openBooks, type Books } from './books';

let books: Books;
beforeAll(async () => {
  books = await openBooks();
});

const HOUR = 3_600_000;

async function usage(team: string, by: UsageBy, more: Partial<UsageRequest> = {}): Promise<UsageReport> {
  const report = await books.reader.usage(team, { by, ...more });
  if (report === null) throw new Error(`team ${team} is unknown`);
  return report;
}

/** Rows as `key: credits`. */
async function amounts(
  team: string,
  by: UsageBy,
  more: Partial<UsageRequest> = {},
): Promise<Record<string, bigint>> {
  const { rows } = await usage(team, by, more);
  return Object.fromEntries(rows.map(({ key, amount }) => [key, amount / 1000n]));
}

/** 500 included, a pack of 40, pay-as-you-go up to 30 credits, and overdraft: two flows, three types. */
async function busyTeam(): Promise<string> {
  const team = await books.team({ plan: 'enterprise' });
  await books.ledger.submit({
    kind: 'addCredits',
    ...command(team),
    amount: credits(40),
    expiresAt: null,
    note: null,
  });
  await books.admit(team, 'r1', 1);
  await books.admit(team, 'r2', 1, { flow: 'nightly' });
  await books.use(team, 'r1', 'a', [480]);
  await books.use(team, 'r2', 'a', [30, 20], 'ai-agent');
  await books.ledger.submit({ kind: 'setPayg', ...command(team), enabled: true, cap: null });
  await books.use(team, 'r2', 'b', [25], 'ai-agent');
  await books.ledger.submit({ kind: 'setPayg', ...command(team), enabled: false, cap: null });
  await books.use(team, 'r1', 'late', [5], 'connector');
  return team;
}

describe('usage', () => {
  it('adds up by flow, by type and by run, split over its sources', async () => {
    const team = await busyTeam();
    expect(await amounts(team, 'flow')).toEqual({ checkout: 485n, nightly: 75n });
    expect(await amounts(team, 'type')).toEqual({ 'http-request': 480n, 'ai-agent': 75n, connector: 5n });
    const { rows, total } = await usage(team, 'run');
    expect(rows).toMatchObject([
      {
        key: 'r1',
        workflowId: 'w-r1',
        flow: 'checkout',
        charges: 2,
        included: credits(480),
        overdraft: credits(5),
      },
      {
        key: 'r2',
        flow: 'nightly',
        charges: 2,
        included: credits(20),
        purchased: credits(40),
        payg: credits(15),
      },
    ]);
    expect(total).toEqual({
      charges: 4,
      amount: credits(560),
      reversed: 0n,
      included: credits(500),
      purchased: credits(40),
      adjustment: 0n,
      payg: credits(15),
      overdraft: credits(5),
    });
  });

  it('is less what was reversed, a line too, where the charge was made and from its last source', async () => {
    const team = await busyTeam();
    const reverse = (runId: string, key: string, line?: number): Promise<unknown> =>
      books.ledger.submit({
        kind: 'reverseCharge',
        ...command(team),
        runId,
        key,
        reason: 'wrong',
        ...(line === undefined ? {} : { line }),
      });
    expect(await reverse('r2', 'a', 1)).toMatchObject({ status: 'reversed', amount: credits(20) });
    expect(await reverse('r1', 'late')).toMatchObject({ status: 'reversed' });
    const { rows, total } = await usage(team, 'type');
    expect(rows).toMatchObject([
      { key: 'http-request', amount: credits(480), reversed: 0n },
      // 20 of 50 from included, 30 from the pack: the pack got 20 back.
      { key: 'ai-agent', charges: 2, amount: credits(55), reversed: credits(20), purchased: credits(20) },
      { key: 'connector', charges: 1, amount: 0n, reversed: credits(5), overdraft: 0n },
    ]);
    expect(total).toMatchObject({ amount: credits(535), reversed: credits(25) });
    expect(await reverse('r2', 'a')).toMatchObject({ amount: credits(30) });
    expect(await amounts(team, 'flow')).toEqual({ checkout: 480n, nightly: 25n });
  });

  it('counts days in the zone of the team, and periods and spans as they are asked for', async () => {
    // A zone 26 hours apart from another: they do not agree on the day.
    const [east, west] = [
      await books.team({ plan: 'enterprise', timeZone: 'Pacific/Kiritimati' }),
      await books.team({ plan: 'enterprise', timeZone: 'Etc/GMT+12' }),
    ];
    const start = await books.reader.now();
    for (const team of [east, west]) {
      await books.admit(team, 'r', 1);
      await books.use(team, 'r', 'now', [3]);
    }
    await moveClock(books.pool, 26 * HOUR);
    for (const team of [east, west]) await books.use(team, 'r', 'later', [4]);
    const dayOf = (at: number, hours: number): string =>
      new Date(at + hours * HOUR).toISOString().slice(0, 10);
    const span = { from: start - HOUR, to: start + 40 * 24 * HOUR };
    expect(await amounts(east, 'day', span)).toEqual({
      [dayOf(start, 14)]: 3n,
      [dayOf(start + 26 * HOUR, 14)]: 4n,
    });
    expect(await amounts(west, 'day', span)).toEqual({
      [dayOf(start, -12)]: 3n,
      [dayOf(start + 26 * HOUR, -12)]: 4n,
    });
    await moveClock(books.pool, 32 * 24 * HOUR);
    await books.use(east, 'r', 'next period', [7]);
    const now = (await books.reader.team(east))?.period.index ?? 0;
    const before = await amounts(east, 'run', { from: start - HOUR, to: start + 27 * HOUR });
    expect(before).toEqual({ r: 7n });
    const all = await Promise.all([0, 1, 2].map((n) => usage(east, 'run', { period: now - n })));
    expect(all.map(({ total }) => total.amount).reduce((sum, amount) => sum + amount, 0n)).toBe(credits(14));
    expect(await usage(east, 'run')).toMatchObject({ period: now, total: { amount: credits(7) } });
    expect(await usage(east, 'run', { period: now + 1 })).toMatchObject({ rows: [], total: { charges: 0 } });
    expect(await usage(east, 'run', { from: start })).toMatchObject({ total: { amount: credits(14) } });
  });

  it('says when there is more, and still totals all of it', async () => {
    const team = await busyTeam();
    const report = await usage(team, 'run', { limit: 1 });
    expect(report).toMatchObject({ more: true, total: { charges: 4, amount: credits(560) } });
    expect(report.rows.map(({ key }) => key)).toEqual(['r1']);
    expect((await usage(team, 'run', { limit: 2 })).more).toBe(false);
    expect(await books.reader.usage('nobody', { by: 'flow' })).toBeNull();
    await expect(usage(team, 'flow', { from: 5, to: 5 })).rejects.toThrow(RangeError);
  });
});

describe('what was given', () => {
  it('lists packs with what was paid and what became of them, and adjustments', async () => {
    const team = await busyTeam();
    const buy = (amount: number, more = {}): Promise<unknown> =>
      books.ledger.submit({
        kind: 'addCredits',
        ...command(team),
        amount: credits(amount),
        expiresAt: null,
        note: null,
        ...more,
      });
    const soon = (await books.reader.now()) + HOUR;
    await buy(10, { paid: { amount: '80.00', currency: 'EUR', reference: 'A-17' } });
    await buy(7, { expiresAt: soon, note: 'trial' });
    await books.ledger.submit({ kind: 'voidPack', ...command(team), grant: 3, reason: 'wrong team' });
    await books.ledger.submit({
      kind: 'adjustCredits',
      ...command(team),
      amount: credits(2),
      reason: 'sorry',
    });
    expect(await books.reader.grants(team, 'purchased')).toMatchObject([
      { grant: 4, status: 'active', granted: credits(7), left: credits(7), expiresAt: soon, note: 'trial' },
      {
        grant: 3,
        status: 'voided',
        withdrawn: credits(10),
        left: 0n,
        paid: { amount: '80.00', currency: 'EUR', reference: 'A-17' },
      },
      { grant: 2, status: 'used', granted: credits(40), used: credits(40), left: 0n, paid: null },
    ]);
    expect(await books.reader.grants(team, 'adjustment')).toMatchObject([{ grant: 5, granted: credits(2) }]);
    await moveClock(books.pool, HOUR);
    // Nobody wrote since: what has expired is told all the same.
    expect(await books.reader.grants(team, 'purchased')).toMatchObject([
      { grant: 4, status: 'expired', left: 0n, expired: credits(7) },
      { grant: 3 },
      { grant: 2 },
    ]);
  });
});

describe('the audit', () => {
  it('has everything somebody did, newest first, page by page', async () => {
    const team = await busyTeam();
    await books.ledger.submit({
      kind: 'reverseCharge',
      ...command(team),
      runId: 'r2',
      key: 'a',
      line: 0,
      reason: 'wrong model',
    });
    const all = await books.reader.audit(team, { limit: 10 });
    expect(all.map(({ kind, reason }) => [kind, reason])).toEqual([
      ['reversal', 'wrong model'],
      ['setting', 'pay-as-you-go off'],
      ['setting', 'pay-as-you-go on'],
      ['grant', null],
    ]);
    // Each command's own.
    const ids = all.map(({ requestId }) => requestId);
    expect(new Set(ids).size).toBe(4);
    for (const id of ids) expect(id).toMatch(/^q\d+$/);
    expect(all[0]).toMatchObject({
      actor: 'olga',
      amount: credits(30),
      reversed: { runId: 'r2', key: 'a', line: 0 },
    });
    expect(all[2]).toMatchObject({ setting: { paygEnabled: true, paygCap: null }, reversed: null });
    const first = await books.reader.audit(team, { limit: 3 });
    const rest = await books.reader.audit(team, { limit: 3, before: first.at(-1)?.seq ?? 0 });
    expect([...first, ...rest]).toEqual(all);
  });

  it('has the request ids of entries from before there was a column for them', async () => {
    const team = await busyTeam();
    const bought = {
      ...command(team),
      kind: 'addCredits',
      amount: credits(1),
      expiresAt: null,
      note: 'x',
    } as const;
    await books.ledger.submit(bought);
    const reversed = {
      ...command(team),
      kind: 'reverseCharge',
      runId: 'r2',
      key: 'a',
      reason: 'down',
    } as const;
    await books.ledger.submit(reversed);
    // As they were written then: the id of a command was its entry's key, but a reversal's is that of its charge.
    const old = uniqueName('old');
    const before: Readonly<Record<string, string>> = {
      team_id: '$1',
      key: "CASE WHEN kind = 'reversal' THEN key ELSE request_id END",
      request_id: 'NULL',
    };
    const names = ENTRY_COLUMNS.map(({ name }) => name);
    await books.pool.query(
      `INSERT INTO flow_credits.entries (${names.join(', ')})
       SELECT ${names.map((name) => before[name] ?? name).join(', ')}
       FROM flow_credits.entries WHERE team_id = $2 AND actor IS NOT NULL`,
      [old, team],
    );
    const [reversal, pack] = await books.reader.audit(old, { limit: 2 });
    expect(reversal).toMatchObject({ kind: 'reversal', actor: 'olga', requestId: null });
    expect(pack).toMatchObject({ kind: 'grant', actor: 'olga', requestId: bought.requestId });
  });
});

describe('runs', () => {
  it('come in pages, by status and by flow, and are found by either id', async () => {
    const team = await books.team();
    for (const n of [1, 2, 3, 4, 5]) {
      await books.admit(team, `w:x${String(n)}`, 1, {
        workflowId: 'w',
        flow: n === 3 ? 'other' : 'checkout',
      });
    }
    await books.ledger.submit({ kind: 'close', team, runId: 'w:x1', reason: 'completed' });
    const all = await books.reader.runs(team, { limit: 10 });
    const pages = [];
    for (let after = all[0]; after !== undefined; after = pages.at(-1)) {
      if (pages.length === 0) pages.push(after);
      const page = await books.reader.runs(team, { limit: 2, after });
      if (page.length === 0) break;
      pages.push(...page);
    }
    expect(pages.map(({ runId }) => runId)).toEqual(all.map(({ runId }) => runId));
    const ids = async (more: object): Promise<readonly string[]> =>
      (await books.reader.runs(team, { limit: 10, ...more })).map(({ runId }) => runId);
    expect(await ids({ flow: 'other' })).toEqual(['w:x3']);
    expect(await ids({ status: 'closed' })).toEqual(['w:x1']);
    expect((await books.reader.findRun(team, 'w'))?.runId).toBe(all[0]?.runId);
    expect((await books.reader.findRun(team, 'w:x2'))?.runId).toBe('w:x2');
    expect(await books.reader.findRun(team, 'nobody')).toBeNull();
  });

  it('show each charge once, with all that was reversed of it', async () => {
    const team = await books.team({ plan: 'team' });
    await books.admit(team, 'r', 1);
    await books.use(team, 'r', 'a', [1, 2, 3]);
    await books.use(team, 'r', 'b', [5]);
    for (const line of [2, 0]) {
      await books.ledger.submit({
        kind: 'reverseCharge',
        ...command(team),
        runId: 'r',
        key: 'a',
        line,
        reason: 'x',
      });
    }
    const charges = await books.reader.charges(team, 'r');
    expect(charges).toMatchObject([
      {
        key: 'a',
        amount: credits(6),
        reversals: [
          { line: 2, amount: credits(3) },
          { line: 0, amount: credits(1) },
        ],
      },
      { key: 'b', reversals: [] },
    ]);
    const pages = [];
    for await (const page of books.reader.pastUsage(team, { since: 0, pageSize: 1 })) pages.push(page);
    expect(pages).toMatchObject([
      [{ key: 'a', rows: 'blocks', context: { trigger: 'api', location: 'cloud' }, reversals: [{}, {}] }],
      [{ key: 'b', reversals: [] }],
    ]);
    const later = (await books.reader.now()) + 1;
    for await (const page of books.reader.pastUsage(team, { since: later })) expect(page).toEqual([]);
  });
});
