import { beforeAll, describe, expect, it } from '@jest/globals';
import { checkInvariants } from '../../../src/ledger/core';
import { eventually, testDatabase, uniqueName, type TestDatabase } from '../../support';
import { TEST_RULES } from '../core/rules';
import { admitting, committing, newTeam, openTestLedger } from './scene';
import { teamRows } from './team-rows';

/** So many round trips are time for a batch to be computed and sent. */
const ROUND_TRIPS = 100;

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});

describe('a batch that was sent right behind another', () => {
  it('does not take another process’s change for that of the one it stands on', async () => {
    const { pool } = database;
    const team = uniqueName('team');
    const ledger = await openTestLedger(database.url);
    await ledger.submit(newTeam(team));
    await ledger.submit(admitting(team, 'run'));
    await ledger.submit(committing(team, 'run', 'remembered'));

    const other = await pool.connect();
    try {
      // Another process has the team's row, changed, and has not committed.
      await other.query('BEGIN');
      const changed = await other.query(
        'UPDATE flow_credits.teams SET version = version + 1, writer = 7 WHERE team_id = $1',
        [team],
      );
      expect(changed.rowCount).toBe(1);
      const first = ledger.submit(committing(team, 'run', 'a'));
      await eventually(async () => (await waitingForLocks()) > 0);
      const second = ledger.submit(committing(team, 'run', 'b'));
      for (let n = 0; n < ROUND_TRIPS; n += 1) await pool.query('SELECT 1');
      // Now the first finds another version than it stands on; the second would find the count it expects.
      await other.query('COMMIT');
      await expect(first).resolves.toMatchObject({ status: 'charged', amount: 1_000n });
      await expect(second).resolves.toMatchObject({ status: 'charged', amount: 1_000n });
    } finally {
      other.release();
    }
    const rows = await teamRows(pool, team);
    expect(checkInvariants(rows, rows.entries, TEST_RULES)).toEqual([]);
    expect(rows.runs.get('run')?.charged).toBe(3_000n);
  });

  async function waitingForLocks(): Promise<number> {
    const { rows } = await database.pool.query<{ waiting: string }>(
      `SELECT count(*) AS waiting FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return Number(rows[0]?.waiting ?? 0);
  }
});
