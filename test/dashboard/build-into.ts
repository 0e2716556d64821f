import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';

/** Builds the page from these sources into a folder. */
export async function buildInto(folder: string): Promise<void> {
  const script = resolve(__dirname, '../../scripts/build-page.mjs');
  await promisify(execFile)(process.execPath, [script, folder]);
}
