import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { atEnd } from '../support/at-end';

/** The page, built from these sources into a folder that is gone after the suite. */
export async function builtPage(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'flow-credits-page-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  const script = resolve(__dirname, '../../scripts/build-page.mjs');
  await promisify(execFile)(process.execPath, [script, folder]);
  return folder;
}
