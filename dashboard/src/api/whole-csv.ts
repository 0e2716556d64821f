import { nextPage } from './next-page';

/** A page of a CSV, with `Link` where more comes. */
export type CsvPage = (path: string) => Promise<Response>;

/**
 * A list as CSV, page after page to its end: the head is kept once. `onRows` is told how many rows there are so far.
 * Throws where a page is followed by itself: there would be no end.
 */
export async function wholeCsv(
  first: string,
  get: CsvPage,
  onRows: (rows: number) => void = () => undefined,
): Promise<Blob> {
  // As blobs, which a browser keeps where it likes: a long list need not fit into the script's memory.
  const parts: Blob[] = [];
  let rows = 0;
  let next: string | null = first;
  while (next !== null) {
    const response = await get(next);
    const text = await response.text();
    const body = text.slice(text.indexOf('\n') + 1);
    parts.push(new Blob([parts.length === 0 ? text : body]));
    rows += linesOf(body);
    onRows(rows);
    const after = nextPage(response.headers.get('link'));
    if (after === next) throw new Error('The list does not go on: a page is followed by itself.');
    next = after;
  }
  return new Blob(parts, { type: 'text/csv;charset=utf-8' });
}

/** Line breaks that end a row: those in quotes are part of a cell, and a quote in a cell is two. */
function linesOf(csv: string): number {
  return csv.split('"').reduce((lines, part, index) => lines + (index % 2 === 0 ? breaksIn(part) : 0), 0);
}

function breaksIn(text: string): number {
  return text.split('\n').length - 1;
}
