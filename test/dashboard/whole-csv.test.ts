import { describe, expect, it } from '@jest/globals';
import { wholeCsv, type CsvPage } from '../../dashboard/src/api/whole-csv';

/** A list of so many pages of two rows, one of which has a break and quotes in a cell. */
function listOf(pages: number, asked: string[] = []): CsvPage {
  return (path) => {
    asked.push(path);
    const page = Number(/page=(\d+)/.exec(path)?.[1] ?? 0);
    const text = `key,credits\n${String(page)},1.5\n"say ""a\nb""",2\n`;
    const more = page + 1 < pages ? { link: `</v1/list?page=${String(page + 1)}>; rel="next"` } : undefined;
    return Promise.resolve(new Response(text, more === undefined ? {} : { headers: more }));
  };
}

describe('a list as one CSV', () => {
  it('is fetched to its end, however long it is, and says how far it is', async () => {
    const [asked, told]: [string[], number[]] = [[], []];
    const whole = await wholeCsv('/v1/list', listOf(1_200, asked), (rows) => told.push(rows));
    const text = await whole.text();
    expect(asked).toHaveLength(1_200);
    expect(text.match(/key,credits/g)).toHaveLength(1);
    expect(text.split('\n').filter((line) => /^\d+,1\.5$/.test(line))).toEqual(
      Array.from({ length: 1_200 }, (_, page) => `${String(page)},1.5`),
    );
    expect(told.slice(0, 3)).toEqual([2, 4, 6]);
    expect(told.at(-1)).toBe(2_400);
  });

  it('of which a page is followed by itself is an error, and no loop', async () => {
    const stuck: CsvPage = () =>
      Promise.resolve(new Response('key\n1\n', { headers: { link: '</v1/list?page=1>; rel="next"' } }));
    await expect(wholeCsv('/v1/list', stuck)).rejects.toThrow('does not go on');
  });
});
