import { beforeAll, describe, expect, it } from '@jest/globals';
import { credits } from '../../../src/contracts/millicredits';
import { openBooks, type Books } from './books';

let books: Books;
beforeAll(async () => {
  books = await openBooks();
});

describe('what observe saw', () => {
  it('tells by flow who would have waited, from when on, and what they were charged meanwhile', async () => {
    const team = await books.team({ plan: 'solo' });
    const observe = { mode: 'observe' } as const;
    await books.admit(team, 'o1', 1, observe);
    await books.use(team, 'o1', 'a', [50]);
    // Nothing is left: these two would have waited, and go on.
    await books.admit(team, 'o2', 1, observe);
    await books.use(team, 'o2', 'a', [7]);
    await books.admit(team, 'n1', 1, { ...observe, flow: 'nightly' });
    await books.use(team, 'n1', 'a', [2]);
    // This one is enforced: it waits, and is no matter of this report.
    expect(await books.admit(team, 'e1', 1)).toMatchObject({ status: 'waiting' });

    const report = await books.reader.observed(team);
    const asked = await books.reader.runs(team, { limit: 10 });
    const at = (run: string): number | undefined => asked.find(({ runId }) => runId === run)?.askedAt;
    expect(report?.flows).toEqual([
      {
        flow: 'checkout',
        runs: 2,
        wouldHaveWaited: 1,
        firstAt: at('o2'),
        charged: credits(57),
        chargedMeanwhile: credits(7),
      },
      {
        flow: 'nightly',
        runs: 1,
        wouldHaveWaited: 1,
        firstAt: at('n1'),
        charged: credits(2),
        chargedMeanwhile: credits(2),
      },
    ]);
    expect(report?.total).toEqual({
      runs: 3,
      wouldHaveWaited: 2,
      firstAt: at('o2'),
      charged: credits(59),
      chargedMeanwhile: credits(9),
    });
  });

  it('keeps to its time and its team', async () => {
    const [team, other] = [await books.team(), await books.team()];
    await books.admit(other, 'o1', 1, { mode: 'observe' });
    expect(await books.reader.observed(team)).toMatchObject({ flows: [], total: { runs: 0, firstAt: null } });
    const [run] = await books.reader.runs(other, { limit: 1 });
    const askedAt = run?.askedAt ?? 0;
    expect(await books.reader.observed(other, { from: askedAt, to: askedAt + 1 })).toMatchObject({
      total: { runs: 1 },
    });
    expect(await books.reader.observed(other, { from: askedAt + 1, to: askedAt + 2 })).toMatchObject({
      total: { runs: 0 },
    });
    expect(await books.reader.observed('nobody')).toBeNull();
  });
});
