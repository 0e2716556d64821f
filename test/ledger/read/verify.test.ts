import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Pool } from 'pg';
import { credits } from '../../../src/contracts/millicredits';
import { openLedger, type Ledger } from '../../../src/ledger';
import { openReader, type LedgerReader } from '../../../src/ledger/read';
import { loadPricing } from '../../../src/pricing';
import { atEnd, testDatabase, uniqueName } from '../../support';

const pricing = loadPricing();
let pool: Pool;
let ledger: Ledger;
let reader: LedgerReader;

beforeAll(async () => {
  const database = await testDatabase();
  pool = database.pool;
  ledger = await openLedger({ databaseUrl: database.url, rules: pricing });
  reader = openReader(pool, pricing);
  atEnd(() => ledger.close());
  // The table itself would refuse one of the faults.
  await pool.query('ALTER TABLE flow_credits.runs DROP CONSTRAINT runs_only_admitted_hold');
});

/** A team with a charged, an open and a waiting run, which uses grants, PAYG and overdraft. */
async function busyTeam(): Promise<string> {
  const team = uniqueName('team');
  await ledger.submit({
    kind: 'upsertTeam',
    team,
    plan: 'solo',
    anchor: '2026-01-31T09:00:00',
    timeZone: 'America/New_York',
  });
  await admit(team, 'done', 60);
  await use(team, 'done', 'a', 60);
  await ledger.submit({ kind: 'close', team, runId: 'done', reason: 'completed' });
  await admit(team, 'waits', 1);
  return team;
}

async function admit(team: string, runId: string, least: number): Promise<void> {
  await ledger.submit({
    kind: 'admit',
    team,
    runId,
    workflowId: runId,
    executionId: 'x',
    flow: 'f',
    flowHash: 'h',
    context: { trigger: 'api', location: 'cloud' },
    mode: 'enforce',
    quotes: [
      {
        rateCard: 'card',
        inForceFrom: 0,
        requiresCredits: true,
        least: credits(least),
        likely: credits(least),
      },
    ],
    limit: null,
  });
}

async function use(team: string, runId: string, key: string, amount: number): Promise<void> {
  const of = { team, runId, key, amount: credits(amount) };
  const millicredits = of.amount.toString();
  const line = { what: 'HTTP', quantity: '1', unitMillicredits: millicredits, millicredits } as const;
  await ledger.submit({ kind: 'reserve', ...of });
  await ledger.submit({
    kind: 'commit',
    ...of,
    detail: { type: 'http-request', lines: [{ ...line, row: 'r', provenance: 'assumed' }], usage: {} },
  });
}

/** As somebody who may do anything would: triggers are off, the rows just change. */
async function tamper(sql: string, team: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('SET session_replication_role = replica');
    await client.query(sql, [team]);
    await client.query('RESET session_replication_role');
  } finally {
    client.release();
  }
}

describe('verify', () => {
  it('finds nothing on books that nobody touched, and says what it checked', async () => {
    const team = await busyTeam();
    const verdict = await reader.verify({ team });
    expect(verdict.violations).toEqual([]);
    expect(verdict).toMatchObject({ clean: true, checked: { teams: 1, runs: 2, grants: 1 } });
    expect(verdict.checked.entries).toBeGreaterThanOrEqual(4);
  });

  it.each([
    [1, 'a balance', 'UPDATE flow_credits.grants SET charged = charged - 1 WHERE team_id = $1'],
    [
      2,
      'a total',
      "UPDATE flow_credits.runs SET charged = charged + 1 WHERE team_id = $1 AND run_id = 'done'",
    ],
    [
      3,
      'a hold of a closed run',
      `UPDATE flow_credits.runs SET holds = '[["grant:1", "1000"]]' WHERE team_id = $1 AND run_id = 'done'`,
    ],
    [4, 'a wake row', 'UPDATE flow_credits.teams SET wake = true WHERE team_id = $1'],
    [4, 'the length of the line', 'UPDATE flow_credits.teams SET waiting = 0 WHERE team_id = $1'],
    [
      6,
      "a charge's source",
      `UPDATE flow_credits.entries SET parts = '[["overdraft", "60000"]]' WHERE team_id = $1 AND kind = 'charge'`,
    ],
    [
      6,
      "a charge's lines",
      `UPDATE flow_credits.entries SET detail = '{"type":"http-request","lines":[],"usage":{}}'
       WHERE team_id = $1 AND kind = 'charge'`,
    ],
    [
      7,
      'the time of an entry',
      `UPDATE flow_credits.entries SET at_ms = 0
       WHERE team_id = $1 AND seq = (SELECT max(seq) FROM flow_credits.entries WHERE team_id = $1)`,
    ],
    [
      8,
      'a setting',
      'UPDATE flow_credits.teams SET payg_enabled = true, payg_cap_micro_usd = NULL WHERE team_id = $1',
    ],
    [10, 'a missing entry', 'DELETE FROM flow_credits.entries WHERE team_id = $1 AND seq = 2'],
  ])('finds a broken invariant %i: %s', async (invariant, _what, sql) => {
    const team = await busyTeam();
    expect((await reader.verify({ team })).clean).toBe(true);
    await tamper(sql, team);
    const { clean, violations } = await reader.verify({ team });
    expect(clean).toBe(false);
    expect(violations.map((violation) => violation.invariant)).toContain(invariant);
    const fault = violations.find((violation) => violation.invariant === invariant);
    expect(fault).toMatchObject({ team });
    expect(fault?.rows.length).toBeGreaterThan(0);
  });

  it('finds rows of a team that does not exist', async () => {
    const team = await busyTeam();
    await tamper('DELETE FROM flow_credits.teams WHERE team_id = $1', team);
    const { violations } = await reader.verify();
    expect(violations.filter((violation) => violation.team === team).map(({ rows }) => rows)).toContainEqual([
      'entries',
    ]);
  });

  it('sees one moment of a ledger that is being written', async () => {
    const team = await busyTeam();
    await ledger.submit({
      kind: 'setPayg',
      team,
      requestId: 'on',
      actor: 'test',
      enabled: true,
      cap: null,
    });
    await admit(team, 'waits', 1);
    await ledger.submit({ kind: 'release', team, most: 10 });
    const writing = Array.from({ length: 200 }, (_, index) => use(team, 'waits', `k${index}`, 1));
    const verdicts = await Promise.all(Array.from({ length: 5 }, () => reader.verify({ team })));
    await Promise.all(writing);
    expect(verdicts.flatMap(({ violations }) => violations)).toEqual([]);
    expect((await reader.verify({ team })).clean).toBe(true);
  });
});
