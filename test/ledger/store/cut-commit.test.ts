import { beforeAll, describe, expect, it } from '@jest/globals';
import { LedgerUnavailable, type Ledger } from '../../../src/ledger';
import { type Operation, type Result } from '../../../src/ledger/core/operations';
import { openReader } from '../../../src/ledger/read';
import {
  eventually,
  openPostgresProxy,
  testDatabase,
  uniqueName,
  type PostgresProxy,
  type TestDatabase,
} from '../../support';
import { TEST_RULES } from '../core/rules';
import { waysToCommit } from './commit-ways';
import { admitting, committing, newTeam, openTestLedger, reserving } from './scene';
import { teamRows } from './team-rows';

let database: TestDatabase;
let proxy: PostgresProxy;
/** Through the proxy. */
let ledger: Ledger;
/** What the same operations come to where nothing is cut. */
let undisturbed: Ledger;

beforeAll(async () => {
  database = await testDatabase();
  proxy = await openPostgresProxy(database.url);
  undisturbed = await openTestLedger(database.url);
  ledger = await openTestLedger(proxy.url, { timeoutMs: 60_000 });
});

/** A team with a run that has set something aside, and one that is about to end. */
async function teamOf(on: Ledger): Promise<string> {
  const team = uniqueName('team');
  await on.submit(newTeam(team));
  await on.submit(admitting(team, 'run', 5));
  await on.submit(reserving(team, 'run', 'a', 3));
  await on.submit(admitting(team, 'ending', 2));
  return team;
}

const blocks = (team: string): readonly Operation[] => [
  committing(team, 'run', 'a', 2),
  reserving(team, 'run', 'b', 4),
  admitting(team, 'another', 2),
  { kind: 'close', team, runId: 'ending', reason: 'completed' },
];

const WAYS = waysToCommit(blocks);
type Operations = (typeof WAYS)[number][2];

function submitAll(on: Ledger, operations: readonly Operation[], timeoutMs = 60_000): Promise<Result[]> {
  return Promise.all(operations.map((operation) => on.submit(operation, { timeoutMs })));
}

/** Without what tells that it was done before: it changes nothing for whoever asked. */
function plain(answers: readonly Result[]): readonly object[] {
  return answers.map((answer) => ({
    ...answer,
    ...('repeated' in answer ? { repeated: null } : {}),
    ...('released' in answer ? { released: null } : {}),
  }));
}

/** What of a team's books does not depend on when it happened. */
async function booksOf(team: string): Promise<object> {
  const { entries, runs, grants, requests, team: row } = await teamRows(database.pool, team);
  return {
    entries: entries.map(({ kind, runId, key, amount }) => ({ kind, runId, key, amount })),
    runs: [...runs.values()].map(({ runId, status, charged, holds, reservations }) => ({
      runId,
      status,
      charged,
      holds,
      reservations,
    })),
    grants: [...grants.values()].map(({ granted, charged, held, expired }) => ({
      granted,
      charged,
      held,
      expired,
    })),
    requests: [...requests.keys()],
    waiting: row.waiting,
  };
}

/** The answers, and the books, are those of a team that nothing happened to; and the whole database is in order. */
async function expectUndisturbed(
  team: string,
  operations: Operations,
  answers: readonly Result[],
): Promise<void> {
  const twin = await teamOf(undisturbed);
  expect(plain(answers)).toEqual(plain(await submitAll(undisturbed, operations(twin))));
  expect(await booksOf(team)).toEqual(await booksOf(twin));
  // Asked once more by the same keys: the same.
  expect(plain(await submitAll(ledger, operations(team)))).toEqual(plain(answers));
  expect(await booksOf(team)).toEqual(await booksOf(twin));
  const { violations } = await openReader(database.pool, TEST_RULES).verify();
  expect(violations).toEqual([]);
}

async function charges(team: string): Promise<number> {
  return (await teamRows(database.pool, team)).charges.size;
}

describe.each(WAYS)('the connection is cut when a batch commits %s:', (_way, mark, operations) => {
  const commits = (request: string): boolean => request.includes(mark);

  it.each([
    ['the commit took place, and its answer is lost', 'is done', 1],
    ['the commit never got there', 'is lost', 0],
  ] as const)('%s', async (_what, fate, charged) => {
    const team = await teamOf(ledger);
    const cut = proxy.cut(commits, fate);
    const sent = submitAll(ledger, operations(team));
    await cut;
    expect(await charges(team)).toBe(charged);
    proxy.mend();
    await expectUndisturbed(team, operations, await sent);
  });

  it.each([
    ['took place', 'is done', 1],
    ['did not', 'is lost', 0],
  ] as const)('it %s, and its caller has given up and asks again', async (_what, fate, charged) => {
    const team = await teamOf(ledger);
    const cut = proxy.cut(commits, fate);
    const sent = operations(team).map((operation) =>
      ledger.submit<Operation>(operation, { timeoutMs: 1_000 }).catch((error: unknown) => error),
    );
    await cut;
    for (const answer of await Promise.all(sent)) expect(answer).toBeInstanceOf(LedgerUnavailable);
    expect(await charges(team)).toBe(charged);
    proxy.mend();
    await expectUndisturbed(team, operations, await submitAll(ledger, operations(team)));
  });

  it('the commit gets there when it is being asked again', async () => {
    const team = await teamOf(ledger);
    const cut = proxy.cut(commits, 'is late');
    const sent = submitAll(ledger, operations(team));
    await cut;
    proxy.mend();
    // Under lock the transaction that waits for its commit is in the way; else nothing is, and it comes too late.
    if (mark === 'COMMIT') await eventually(async () => (await waitingForLocks()) > 0);
    else await sent;
    await proxy.deliver();
    await expectUndisturbed(team, operations, await sent);
  });
});

async function waitingForLocks(): Promise<number> {
  const { rows } = await database.pool.query<{ count: string }>(
    `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  return Number(rows[0]?.count);
}
