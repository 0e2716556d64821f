import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Pool } from 'pg';
import { credits } from '../../../src/contracts/millicredits';
import { moveClock, openLedger, type Ledger } from '../../../src/ledger';
import { openReader, type LedgerReader } from '../../../src/ledger/read';
import { loadPricing } from '../../../src/pricing';
import { atEnd, testDatabase, uniqueName } from '../../support';

const MONTH_MS = 32 * 86_400_000;

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
  // The tables themselves would refuse some of the faults.
  await pool.query(`
    ALTER TABLE flow_credits.runs DROP CONSTRAINT runs_only_admitted_hold;
    ALTER TABLE flow_credits.statements DROP CONSTRAINT statements_add_up;
    ALTER TABLE flow_credits.grants DROP CONSTRAINT grants_add_up;
    DROP INDEX flow_credits.entries_charge, flow_credits.entries_reversal`);
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

/** The same a month later: with PAYG, a reversal of a line, a run that held over the boundary, and a statement. */
async function billedTeam(): Promise<string> {
  const team = await busyTeam();
  const command = { team, actor: 'test', reason: 'test' };
  await ledger.submit({ kind: 'setPayg', ...command, requestId: 'on', enabled: true, cap: null });
  await ledger.submit({ kind: 'release', team, most: 10 });
  await use(team, 'waits', 'b', 5);
  await ledger.submit({
    kind: 'reverseCharge',
    ...command,
    requestId: 'back',
    runId: 'done',
    key: 'a',
    line: 0,
  });
  await admit(team, 'late', 3);
  await admit(team, 'later', 2);
  await moveClock(pool, MONTH_MS);
  await use(team, 'late', 'x', 2);
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
    [4, 'a count by trigger', `UPDATE flow_credits.teams SET waiting_by = '{"manual":1}' WHERE team_id = $1`],
    [
      4,
      'a run that waits and is starting',
      "UPDATE flow_credits.runs SET starting = true WHERE team_id = $1 AND run_id = 'waits'",
    ],
    [
      4,
      'a closed run that is to be told',
      "UPDATE flow_credits.runs SET tell = true WHERE team_id = $1 AND run_id = 'done'",
    ],
    [4, 'a place nobody gave', 'UPDATE flow_credits.teams SET next_place = 1 WHERE team_id = $1'],
    [
      4,
      'a run that was overtaken',
      "UPDATE flow_credits.runs SET asked_at_ms = 0 WHERE team_id = $1 AND run_id = 'waits'",
    ],
    [6, 'an estimate', 'UPDATE flow_credits.runs SET likely = 0 WHERE team_id = $1'],
    [10, "an event's number", 'UPDATE flow_credits.teams SET next_event = 1 WHERE team_id = $1'],
    [10, "a grant's number", 'UPDATE flow_credits.teams SET next_grant = 1 WHERE team_id = $1'],
    [7, 'a threshold', `UPDATE flow_credits.teams SET alerted = '["50","50"]' WHERE team_id = $1`],
    [2, 'a missing run', "DELETE FROM flow_credits.runs WHERE team_id = $1 AND run_id = 'done'"],
    [1, 'a missing grant', 'DELETE FROM flow_credits.grants WHERE team_id = $1'],
    [
      2,
      'a second charge of a key',
      `INSERT INTO flow_credits.entries SELECT (jsonb_populate_record(e, jsonb_build_object(
         'seq', (SELECT max(seq) + 1 FROM flow_credits.entries WHERE team_id = $1)))).*
       FROM flow_credits.entries e WHERE team_id = $1 AND kind = 'charge'`,
    ],
  ])('finds a broken invariant %i: %s', async (invariant, _what, sql) => {
    await finds(await busyTeam(), invariant, sql);
  });

  it.each([
    [1, 'PAYG that is held', 'UPDATE flow_credits.teams SET payg_held = payg_held + 1 WHERE team_id = $1'],
    [
      6,
      'the line of a reversal',
      "UPDATE flow_credits.entries SET reversed_line = 5 WHERE team_id = $1 AND kind = 'reversal'",
    ],
    [
      2,
      'a second reversal',
      `INSERT INTO flow_credits.entries SELECT (jsonb_populate_record(e, jsonb_build_object(
         'seq', (SELECT max(seq) + 1 FROM flow_credits.entries WHERE team_id = $1)))).*
       FROM flow_credits.entries e WHERE team_id = $1 AND kind = 'reversal'`,
    ],
    [7, 'a missing statement', 'DELETE FROM flow_credits.statements WHERE team_id = $1'],
    [
      7,
      'a statement of a period that is open',
      'UPDATE flow_credits.statements SET period = period + 1 WHERE team_id = $1',
    ],
    [7, "a statement's end", 'UPDATE flow_credits.statements SET period_end_ms = 1 WHERE team_id = $1'],
    [7, "a statement's money", 'UPDATE flow_credits.statements SET payg_cents = 7 WHERE team_id = $1'],
    [
      7,
      'what a statement says was granted',
      'UPDATE flow_credits.statements SET granted = granted + 1 WHERE team_id = $1',
    ],
    ...['held_over_in', 'held_over_out', 'held_over_charged', 'held_over_returned', 'payg_reversed'].map(
      (column) =>
        [
          7,
          `${column} of a statement`,
          `UPDATE flow_credits.statements SET ${column} = ${column} + 1 WHERE team_id = $1`,
        ] as const,
    ),
    [
      1,
      'what was charged of the credits held over',
      'UPDATE flow_credits.teams SET held_over_charged = 0 WHERE team_id = $1',
    ],
    [
      7,
      'credits that are there after their expiry',
      "UPDATE flow_credits.grants SET expired = 0 WHERE team_id = $1 AND kind = 'included' AND expired > 0",
    ],
    [
      8,
      'a PAYG draw while it was off',
      `UPDATE flow_credits.entries SET setting = replace(setting, '"paygEnabled":true', '"paygEnabled":false')
       WHERE team_id = $1 AND setting IS NOT NULL`,
    ],
    [
      7,
      'a period of another anchor',
      'UPDATE flow_credits.teams SET period_end_ms = period_end_ms + 1 WHERE team_id = $1',
    ],
  ] as const)('finds a broken invariant %i a month later: %s', async (invariant, _what, sql) => {
    await finds(await billedTeam(), invariant, sql);
  });

  /** Nothing before the rows are changed; after it the fault, with the rows. */
  async function finds(team: string, invariant: number, sql: string): Promise<void> {
    expect((await reader.verify({ team })).violations).toEqual([]);
    await tamper(sql, team);
    const { clean, violations } = await reader.verify({ team });
    expect(clean).toBe(false);
    expect(violations.map((violation) => violation.invariant)).toContain(invariant);
    const fault = violations.find((violation) => violation.invariant === invariant);
    expect(fault).toMatchObject({ team });
    expect(fault?.rows.length).toBeGreaterThan(0);
  }

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
