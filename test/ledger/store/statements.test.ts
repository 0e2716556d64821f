import { describe, expect, it } from '@jest/globals';
import * as sql from '../../../src/ledger/store/load-sql';
import { testDatabase } from '../../support';

/** As the ledger's connections are set. */
const SETTINGS = ['seqscan', 'hashjoin', 'mergejoin', 'bitmapscan', 'material'];

describe('the statements that load', () => {
  it('find rows by their keys, also when planned on empty tables', async () => {
    const { pool } = await testDatabase();
    const client = await pool.connect();
    try {
      for (const name of SETTINGS) await client.query(`SET enable_${name} = off`);
      for (const { name, text } of Object.values(sql)) {
        const { rows } = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN (GENERIC_PLAN) ${text}`);
        // The clock's table has one row.
        const plan = rows.map((row) => row['QUERY PLAN']).filter((line) => !line.includes('ledger_clock'));
        expect({ name, plan: plan.filter((line) => /Seq Scan|Join Filter|Materialize/.test(line)) }).toEqual({
          name,
          plan: [],
        });
        const scans = plan.filter((line) => /Index (Only )?Scan/.test(line)).length;
        const found = plan.filter((line) => line.includes('Index Cond')).length;
        expect({ name, scans, found }).toEqual({ name, scans: found, found });
        expect(scans).toBeGreaterThan(0);
      }
    } finally {
      client.release();
    }
  });
});
