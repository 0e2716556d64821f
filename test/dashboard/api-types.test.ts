import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';

const root = resolve(__dirname, '../..');

it('reads the API by types that are those of its OpenAPI document', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'flow-credits-types-'));
  try {
    const fresh = join(folder, 'schema.d.ts');
    const tsx = require.resolve('tsx/cli');
    await promisify(execFile)(process.execPath, [tsx, join(root, 'scripts/dashboard-types.ts'), fresh], {
      cwd: root,
    });
    const [wanted, found] = await Promise.all(
      [fresh, join(root, 'dashboard/src/api/schema.d.ts')].map((file) => readFile(file, 'utf8')),
    );
    // Stale: `npm run dashboard:types` writes it anew.
    expect(found).toBe(wanted);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
