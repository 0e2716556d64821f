import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CHROMIUM_VARIABLE, findChromium } from '../support/chromium';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flow-credits-chromium-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function program(name: string, script: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

describe('the browser of the tests', () => {
  it('is the one that is named, and says so where that is none', async () => {
    const named = await program('mine', 'echo Chromium 1');
    await expect(findChromium({ env: { [CHROMIUM_VARIABLE]: named } })).resolves.toBe(named);
    const missing = join(folder, 'nothing');
    await expect(findChromium({ env: { [CHROMIUM_VARIABLE]: missing } })).rejects.toThrow(
      `${CHROMIUM_VARIABLE}: ${missing} cannot be executed`,
    );
  });

  it('is one of PATH that starts: a package that only asks for another one is passed', async () => {
    await program('chromium', 'echo "install the snap" >&2; exit 1');
    const starts = await program('google-chrome', 'echo Google Chrome 1');
    await expect(findChromium({ env: { PATH: folder } })).resolves.toBe(starts);
  });

  it('is not fetched where nothing may be: it says what was tried, and the ways out', async () => {
    const nowhere = join(folder, 'empty');
    const finding = findChromium({
      env: { PATH: nowhere, FLOW_CREDITS_OFFLINE: '1', PLAYWRIGHT_BROWSERS_PATH: nowhere },
    });
    // Playwright's own cache is this machine's: it may have one.
    await finding.then(
      (found) => {
        expect(found).toContain('chrom');
      },
      (error: unknown) => {
        expect(String(error)).toMatch(
          /Chromium was not found[^]*FLOW_CREDITS_OFFLINE is set[^]*apt-get install chromium/,
        );
      },
    );
  });
});
