import { type Pool } from 'pg';
import { type Violation } from '../../src/ledger/core';
import { type Entry, type Rules } from '../../src/ledger/core/types';
import { queryOn } from '../../src/ledger/read/rows';
import { verify } from '../../src/ledger/read/verify';
import { selectOf } from '../../src/ledger/store/columns';
import { ENTRY_COLUMNS, entryFrom } from '../../src/ledger/store/rows/entries';

/** What `verify` finds wrong with a team, over all its rows as they are in Postgres. */
export async function violationsOf(pool: Pool, rules: Rules, team: string): Promise<readonly Violation[]> {
  const { violations, checked } = await verify(pool, rules, { team });
  if (checked.entries === 0) throw new Error(`team "${team}" is not in the ledger`);
  return violations;
}

/** All entries of a team, in order. */
export async function entriesOf(pool: Pool, team: string): Promise<readonly Entry[]> {
  const rows = await queryOn(pool)(
    `SELECT ${selectOf(ENTRY_COLUMNS, 'e')} FROM flow_credits.entries e WHERE e.team_id = $1 ORDER BY e.seq`,
    [team],
  );
  return rows.map((row) => entryFrom(row).entry);
}
