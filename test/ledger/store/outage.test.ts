import { beforeAll, describe, expect, it } from '@jest/globals';
import { Pool } from 'pg';
import { startPostgres, type PostgresServer } from '../../../src/dev/postgres-server';
import { LedgerUnavailable, openLedger, type Ledger } from '../../../src/ledger';
import { migrate } from '../../../src/ledger/migrations';
import { openReader } from '../../../src/ledger/read';
import { atEnd, eventually } from '../../support';
import { TEST_RULES } from '../core/rules';
import { admitting, committing, newTeam, reserving } from './scene';

let server: PostgresServer;
let pool: Pool;
let ledger: Ledger;

beforeAll(async () => {
  server = await startPostgres();
  atEnd(() => server.stop());
  pool = new Pool({ connectionString: server.url(), max: 2 });
  pool.on('error', () => undefined);
  atEnd(() => pool.end());
  await migrate(pool);
  ledger = await openLedger({ databaseUrl: server.url(), rules: TEST_RULES, timeoutMs: 60_000 });
  atEnd(() => ledger.close());
});

async function chargesOf(team: string): Promise<number> {
  const { rows } = await pool.query<{ n: string }>(
    "SELECT count(*) AS n FROM flow_credits.entries WHERE team_id = $1 AND kind = 'charge'",
    [team],
  );
  return Number(rows[0]?.n);
}

describe('Postgres goes away', () => {
  it.each([
    ['is stopped', () => server.halt()],
    ['is killed', () => server.kill()],
  ])('and %s while operations are under way: each is carried out once', async (how, goAway) => {
    const team = `team that ${how}`;
    await ledger.submit(newTeam(team));
    await ledger.submit(admitting(team, 'run'));
    const callers = Array.from({ length: 16 }, async (_, caller) => {
      const answers = [];
      for (let block = 0; block < 40; block += 1) {
        const key = `${caller}/${block}`;
        await ledger.submit(reserving(team, 'run', key));
        answers.push(await ledger.submit(committing(team, 'run', key)));
      }
      return answers;
    });
    await eventually(async () => {
      expect(await chargesOf(team)).toBeGreaterThan(100);
    });
    await goAway();
    await server.start();
    const answers = (await Promise.all(callers)).flat();
    expect(answers.every(({ status }) => status === 'charged')).toBe(true);
    expect(await chargesOf(team)).toBe(16 * 40);
    const reader = openReader(pool, TEST_RULES);
    expect((await reader.verify()).violations).toEqual([]);
  });

  it('for longer than a caller waits: LedgerUnavailable, and the same operation later', async () => {
    await ledger.submit(newTeam('patient'));
    await ledger.submit(admitting('patient', 'run'));
    await server.halt();
    const operation = committing('patient', 'run', 'a');
    const error: unknown = await ledger
      .submit(operation, { timeoutMs: 200 })
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(LedgerUnavailable);
    expect(String(error)).toContain('within 200 ms');
    expect(ledger.trouble()).toEqual(expect.any(String));
    await server.start();
    expect(await ledger.submit(operation)).toMatchObject({ status: 'charged' });
    expect(await chargesOf('patient')).toBe(1);
    expect(ledger.trouble()).toBeNull();
  });

  it('and its sessions are ended: nobody notices', async () => {
    await ledger.submit(newTeam('calm'));
    await ledger.submit(admitting('calm', 'run'));
    for (let round = 0; round < 5; round += 1) {
      const sent = Array.from({ length: 50 }, (_, index) =>
        ledger.submit(committing('calm', 'run', `${round}/${index}`, 0)),
      );
      await pool.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'flow-credits ledger'",
      );
      const answers = await Promise.all(sent);
      expect(answers.every(({ status }) => status === 'charged')).toBe(true);
    }
    expect(await chargesOf('calm')).toBe(250);
  });
});

describe('a ledger', () => {
  it('does not open on a database that is not there', async () => {
    await expect(openLedger({ databaseUrl: server.url('nowhere'), rules: TEST_RULES })).rejects.toThrow(
      /nowhere/,
    );
  });
});
