import { beforeAll, describe, expect, it } from '@jest/globals';
import { LedgerUnavailable, type Ledger } from '../../../src/ledger';
import { type Operation } from '../../../src/ledger/core/operations';
import { type EventKind } from '../../../src/ledger/core/types';
import { watchTeams, type TeamWatch } from '../../../src/ledger/read';
import {
  atEnd,
  eventually,
  openPostgresProxy,
  testDatabase,
  uniqueName,
  type PostgresProxy,
  type TestDatabase,
} from '../../support';
import { waysToCommit } from './commit-ways';
import { admitting, committing, newTeam, openTestLedger } from './scene';

let database: TestDatabase;
let proxy: PostgresProxy;
/** Through the proxy. */
let ledger: Ledger;
let watch: TeamWatch;
/** What the ledger has told so far. */
let woken = new Set<string>();
let kinds = new Set<EventKind>();

beforeAll(async () => {
  database = await testDatabase();
  proxy = await openPostgresProxy(database.url);
  ledger = await openTestLedger(proxy.url, { timeoutMs: 60_000 });
  watch = watchTeams(database.url);
  atEnd(() => watch.close());
  ledger.onWake((teams) => {
    for (const team of teams) woken.add(team);
  });
  ledger.onEvents((some) => {
    for (const kind of some) kinds.add(kind);
  });
});

interface Team {
  readonly team: string;
  /** The latest version that was announced. */
  readonly announced: () => number;
}

/** A run holds all that the team has, and another waits for it. From here on what is told is what comes next. */
async function teamWithALine(): Promise<Team> {
  const team = uniqueName('team');
  let announced = 0;
  watch.subscribe(team, (version) => (announced = version ?? announced));
  await ledger.submit(newTeam(team));
  await ledger.submit(admitting(team, 'holds', 50));
  expect((await ledger.submit(admitting(team, 'waits'))).status).toBe('waiting');
  const version = await versionOf(team);
  await eventually(() => announced === version);
  woken = new Set();
  kinds = new Set();
  return { team, announced: () => announced };
}

async function versionOf(team: string): Promise<number> {
  const { rows } = await database.pool.query<{ version: string }>(
    'SELECT version FROM flow_credits.teams WHERE team_id = $1',
    [team],
  );
  return Number(rows[0]?.version);
}

/** Charges so much that a threshold is passed, and gives the rest back: the line may move. */
const ending = (team: string): readonly Operation[] => [
  committing(team, 'holds', 'a', 30),
  { kind: 'close', team, runId: 'holds', reason: 'completed' },
];

const WAYS = waysToCommit(ending);

async function expectTold({ team, announced }: Team): Promise<void> {
  const version = await versionOf(team);
  await eventually(() => {
    expect([...woken]).toEqual([team]);
    expect([...kinds]).toContain('usage.threshold');
    expect(announced()).toBe(version);
  });
}

describe.each(WAYS)('the answer is lost when a batch commits %s: what it was news of is told', (...way) => {
  const [, mark, operations] = way;
  const submitAll = (team: string, timeoutMs: number): Promise<unknown[]> =>
    Promise.all(
      operations(team).map((operation) =>
        ledger.submit<Operation>(operation, { timeoutMs }).catch((error: unknown) => error),
      ),
    );

  it('to whoever waits for it', async () => {
    const line = await teamWithALine();
    const cut = proxy.cut((request) => request.includes(mark), 'is done');
    const sent = submitAll(line.team, 60_000);
    await cut;
    const version = await versionOf(line.team);
    proxy.mend();
    for (const answer of await sent) expect(answer).not.toBeInstanceOf(Error);
    await expectTold(line);
    // It was found done: nothing was written again.
    expect(await versionOf(line.team)).toBe(version);
  });

  it('when its callers have given up and ask again', async () => {
    const line = await teamWithALine();
    const cut = proxy.cut((request) => request.includes(mark), 'is done');
    const sent = submitAll(line.team, 1_000);
    await cut;
    for (const answer of await sent) expect(answer).toBeInstanceOf(LedgerUnavailable);
    const version = await versionOf(line.team);
    proxy.mend();
    for (const answer of await submitAll(line.team, 60_000)) expect(answer).not.toBeInstanceOf(Error);
    await expectTold(line);
    expect(await versionOf(line.team)).toBe(version);
  });
});
