import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from './alive';
import { codeOf } from './errors';

/**
 * Makes the folder this process's alone: two servers on one data folder destroy it. Gives the function that frees it.
 * Throws where a living process has it; the lock of a dead one is taken over.
 */
export function lockFolder(folder: string): () => undefined {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'stack.lock');
  for (;;) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx' });
      return () => {
        rmSync(path, { force: true });
      };
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
    const owner = Number(readFileSync(path, 'utf8'));
    if (owner > 0 && isAlive(owner)) {
      throw new Error(
        `${folder} is in use by process ${String(owner)}: stop it, or name another data folder`,
      );
    }
    rmSync(path, { force: true });
  }
}
