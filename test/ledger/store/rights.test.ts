import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Pool } from 'pg';
import { type Ledger } from '../../../src/ledger';
import { testDatabase, type TestDatabase } from '../../support';
import { admitting, committing, newTeam, openTestLedger } from './scene';

let database: TestDatabase;
let ledger: Ledger;

beforeAll(async () => {
  database = await testDatabase();
  ledger = await openTestLedger(database.url);
  await ledger.submit(newTeam('team'));
  await ledger.submit(admitting('team', 'run'));
  await ledger.submit(committing('team', 'run', 'a'));
});

async function as(role: string, text: string, pool: Pool = database.pool): Promise<unknown> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query(`SET LOCAL ROLE ${role}`);
    return await client.query(text).then(
      () => 'done',
      (error: unknown) => error,
    );
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
}

const CHANGES = ['UPDATE %t SET team_id = team_id', 'DELETE FROM %t', 'TRUNCATE %t'];
const KEPT = ['entries', 'statements', 'requests'];

describe('what was written', () => {
  it.each(KEPT)('in %s cannot be changed by the worker', async (table) => {
    for (const change of CHANGES) {
      const answer = await as('flow_credits_worker', change.replace('%t', `flow_credits.${table}`));
      expect({ change, code: (answer as { code?: string }).code }).toEqual({ change, code: '42501' });
    }
  });

  it.each(KEPT)('in %s is kept by a trigger from its owner too', async (table) => {
    for (const change of CHANGES) {
      const answer = await as('postgres', change.replace('%t', `flow_credits.${table}`));
      expect(String(answer)).toContain(`flow_credits.${table} is append-only`);
    }
  });

  it('is written by the worker’s role, where the user may take it', async () => {
    await database.pool.query(`
      CREATE TABLE public.witness (writer text);
      GRANT INSERT ON public.witness TO PUBLIC;
      CREATE FUNCTION public.tell() RETURNS trigger LANGUAGE plpgsql
        AS $$ BEGIN INSERT INTO public.witness VALUES (current_user); RETURN NULL; END $$;
      CREATE TRIGGER tell AFTER INSERT ON flow_credits.entries EXECUTE FUNCTION public.tell()`);
    await ledger.submit(committing('team', 'run', 'b'));
    const { rows } = await database.pool.query('SELECT DISTINCT writer FROM public.witness');
    expect(rows).toEqual([{ writer: 'flow_credits_worker' }]);
  });

  it('can be read by a reader, and only read', async () => {
    expect(await as('flow_credits_reader', 'SELECT count(*) FROM flow_credits.entries')).toBe('done');
    const answer = await as('flow_credits_reader', "UPDATE flow_credits.teams SET plan = 'free'");
    expect(answer).toMatchObject({ code: '42501' });
  });
});
