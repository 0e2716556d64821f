import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atEnd } from '../support/at-end';
import { buildInto } from './build-into';

/** The page, built from these sources into a folder that is gone after the suite. */
export async function builtPage(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'flow-credits-page-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  await buildInto(folder);
  return folder;
}
