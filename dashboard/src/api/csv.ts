import { call } from './client';
import { wholeCsv } from './whole-csv';

/** A list as a CSV file, however long it is. `onRows` is told how many rows are fetched so far. */
export async function downloadCsv(
  path: string,
  file: string,
  onRows?: (rows: number) => void,
): Promise<void> {
  const get = (page: string): Promise<Response> => call(page, { headers: { accept: 'text/csv' } });
  const address = URL.createObjectURL(await wholeCsv(path, get, onRows));
  const link = document.createElement('a');
  link.href = address;
  link.download = file.replaceAll(/[^\w.-]+/g, '_');
  link.click();
  setTimeout(() => {
    URL.revokeObjectURL(address);
  });
}
