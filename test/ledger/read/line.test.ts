import { beforeAll, describe, expect, it } from '@jest/globals';
import { credits } from '../../../src/contracts/millicredits';
import { parseUsd } from '../../../src/contracts/money';
import { command, openBooks, type Books } from './books';

let books: Books;
beforeAll(async () => {
  books = await openBooks();
});

/** All is held by one run, or spent, and these wait, each with its least. */
async function waiting(plan: string, least: readonly number[], spent = false): Promise<string> {
  const team = await books.team({ plan });
  await books.admit(team, 'first', 10_000);
  if (spent) await books.use(team, 'first', 'a', [25]);
  for (const [index, credits] of least.entries()) {
    expect(await books.admit(team, `w${String(index)}`, credits)).toMatchObject({ status: 'waiting' });
  }
  return team;
}

describe('the line', () => {
  it('says of each who it is, for how much, why it waits and when it goes', async () => {
    const team = await waiting('free', [20, 0, 30]);
    const { period } = (await books.reader.team(team)) ?? {};
    const line = await books.reader.line(team, { after: 0, limit: 10 });
    const common = { flow: 'checkout', trigger: 'api', location: 'cloud', reason: 'held' };
    expect(line).toMatchObject([
      {
        ...common,
        runId: 'w0',
        place: 1,
        hold: credits(20),
        likely: credits(60),
        goes: { resets: 1, at: period?.end },
      },
      { ...common, runId: 'w1', place: 2, least: 0n, hold: credits(1), likely: 0n, goes: { resets: 1 } },
      { ...common, runId: 'w2', place: 3, hold: credits(30), likely: credits(90), goes: { resets: 1 } },
    ]);
    const page = await books.reader.line(team, { after: 1, limit: 1 });
    expect(page).toEqual(line.slice(1, 2));
    const spent = await waiting('free', [1, 25], true);
    expect(await books.reader.line(spent, { after: 0, limit: 10 })).toMatchObject([
      { reason: 'spent', goes: { resets: 1 } },
      { reason: 'spent', goes: { resets: 1 } },
    ]);
    expect(await books.reader.line('nobody', { after: 0, limit: 10 })).toEqual([]);
  });

  it('foretells what a release then does', async () => {
    const team = await waiting('solo', [20, 20, 20, 5]);
    await books.ledger.submit({
      kind: 'adjustCredits',
      ...command(team),
      amount: credits(25),
      reason: 'sorry',
    });
    const line = await books.reader.line(team, { after: 0, limit: 10 });
    expect(line.map(({ goes }) => goes?.resets)).toEqual([0, 0, 1, 1]);
    expect(await books.ledger.submit({ kind: 'release', team, most: 10 })).toMatchObject({
      runs: [{ runId: 'w0' }, { runId: 'w1', held: credits(5) }],
    });
  });
});

describe('the preview of pay-as-you-go', () => {
  it('says how many wait, for how much, in money, and who would go under a cap', async () => {
    const team = await waiting('solo', [100, 200, 112]);
    const asked = await books.reader.previewPayg(team, parseUsd('0.15'));
    expect(asked).toEqual({
      team,
      plan: 'solo',
      status: 'active',
      now: { enabled: false, cap: null, charged: 0n, held: 0n },
      rate: { microUsd: 1_000_000n, credits: 1000n },
      waiting: 3,
      likely: credits(1236),
      likelyCents: 124n,
      allowed: true,
      refusal: null,
      atOnce: { cap: 150_000n, runs: 2, hold: credits(150) },
    });
    const uncapped = await books.reader.previewPayg(team, null);
    expect(uncapped?.atOnce).toEqual({ cap: null, runs: 3, hold: credits(412) });
    expect((await books.reader.previewPayg(team))?.atOnce).toBeNull();
    // It is a preview: nothing was turned on.
    expect((await books.reader.team(team))?.payg.enabled).toBe(false);
    await books.ledger.submit({ kind: 'setPayg', ...command(team), enabled: true, cap: parseUsd('0.15') });
    const released = await books.ledger.submit({ kind: 'release', team, most: 10 });
    expect(released).toMatchObject({ runs: [{ held: credits(100) }, { held: credits(50) }] });
  });

  it('counts at the rate of a contract, and names who may not have it and why', async () => {
    const team = await books.team({ plan: 'team', paygRate: { microUsd: parseUsd('0.50'), credits: 1000n } });
    await books.admit(team, 'first', 10_000);
    await books.admit(team, 'w', 70);
    expect(await books.reader.previewPayg(team, null)).toMatchObject({
      likely: credits(210),
      likelyCents: 11n,
    });
    const free = await waiting('free', [4]);
    const refused = await books.reader.previewPayg(free, null);
    expect(refused).toMatchObject({ waiting: 1, allowed: false, atOnce: null });
    expect(refused?.refusal).toMatchObject({ reason: 'not-on-plan' });
    expect(refused?.refusal?.message).toMatch(/change to a plan that has it/);
    expect(await books.reader.previewPayg('nobody', null)).toBeNull();
  });
});
