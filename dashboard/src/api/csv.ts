import { call } from './client';
import { nextPage } from './next-page';

const MOST_PAGES = 1_000;

/** A list as CSV, page after page: where more comes the answer's `Link` has the next page. The head is kept once. */
export async function downloadCsv(path: string, file: string): Promise<void> {
  const parts: string[] = [];
  let next: string | null = path;
  for (let page = 0; next !== null; page += 1) {
    if (page === MOST_PAGES) throw new Error('The list is too long for one file: ask for a shorter span.');
    const response: Response = await call(next, { headers: { accept: 'text/csv' } });
    const text = await response.text();
    parts.push(page === 0 ? text : text.slice(text.indexOf('\n') + 1));
    next = nextPage(response.headers.get('link'));
  }
  const address = URL.createObjectURL(new Blob(parts, { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = file.replaceAll(/[^\w.-]+/g, '_');
  link.click();
  setTimeout(() => {
    URL.revokeObjectURL(address);
  });
}
