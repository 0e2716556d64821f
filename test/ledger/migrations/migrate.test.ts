import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { Pool } from 'pg';
import { migrate } from '../../../src/ledger/migrations';
import { migrationFiles } from '../../../src/ledger/migrations/files';
import { atEnd, testDatabase } from '../../support';

const run = promisify(execFile);
const root = join(__dirname, '..', '..', '..');
const names = migrationFiles().map(({ name }) => name);

/** A database without our schema. */
async function bareDatabase(): Promise<{ url: string; pool: Pool }> {
  const { url, pool } = await testDatabase();
  await pool.query('DROP SCHEMA flow_credits CASCADE');
  return { url, pool };
}

describe('migrate', () => {
  it('is safe when ten processes start at once', async () => {
    const { url, pool } = await bareDatabase();
    const script = `require('./src/ledger/migrations').migrate(process.argv[1]).then(
      ({ applied }) => console.log(JSON.stringify(applied)),
      (error) => { console.error(error); process.exit(1); },
    )`;
    const answers = await Promise.all(
      Array.from({ length: 10 }, () =>
        run(process.execPath, ['--require', 'tsx/cjs', '--eval', script, url], { cwd: root }),
      ),
    );
    const applied = answers.map(({ stdout }) => JSON.parse(stdout) as string[]);
    expect(applied.filter((list) => list.length > 0)).toEqual([names]);
    const { rows } = await pool.query('SELECT name FROM flow_credits.migrations ORDER BY number');
    expect(rows).toEqual(names.map((name) => ({ name })));
  });

  it('does nothing to a database that is up to date, and needs no right to', async () => {
    const { pool } = await bareDatabase();
    expect(await migrate(pool)).toEqual({ applied: names });
    expect(await migrate(pool)).toEqual({ applied: [] });
    const { options } = pool;
    const worker = new Pool({ ...options, options: '-c role=flow_credits_worker' });
    atEnd(() => worker.end());
    expect(await migrate(worker)).toEqual({ applied: [] });
  });

  it('leaves nothing behind when it fails', async () => {
    const { pool } = await bareDatabase();
    await pool.query('CREATE SCHEMA flow_credits; CREATE TABLE flow_credits.entries (mine int)');
    await expect(migrate(pool)).rejects.toThrow(/entries/);
    const { rows } = await pool.query("SELECT tablename FROM pg_tables WHERE schemaname = 'flow_credits'");
    expect(rows).toEqual([{ tablename: 'entries' }]);
  });

  it('refuses a database that was given another text under the same number', async () => {
    const { pool } = await bareDatabase();
    await migrate(pool);
    await pool.query("UPDATE flow_credits.migrations SET checksum = 'edited' WHERE number = 1");
    await expect(migrate(pool)).rejects.toThrow(
      /migration "0001_tables.sql" is not the one this database was given/,
    );
  });

  it('gives rights to a role that is made later', async () => {
    const { pool } = await bareDatabase();
    await migrate(pool);
    await pool.query('REVOKE ALL ON ALL TABLES IN SCHEMA flow_credits FROM flow_credits_reader');
    await migrate(pool);
    const { rows } = await pool.query(
      "SELECT has_table_privilege('flow_credits_reader', 'flow_credits.entries', 'SELECT') AS may",
    );
    expect(rows).toEqual([{ may: true }]);
  });
});
