import { beforeAll, describe, expect, it } from '@jest/globals';
import { credits } from '../../../src/contracts/millicredits';
import {
  LedgerBusy,
  LedgerFault,
  LedgerUnavailable,
  openLedger,
  type CommittedBatch,
  type Ledger,
} from '../../../src/ledger';
import { type Operation } from '../../../src/ledger/core/operations';
import { testDatabase, uniqueName, type TestDatabase } from '../../support';
import { TEST_RULES } from '../core/rules';
import { admitting, committing, newTeam, openTestLedger, reserving } from './scene';
import { teamRows } from './team-rows';

let database: TestDatabase;
let ledger: Ledger;
let batches: CommittedBatch[];

beforeAll(async () => {
  database = await testDatabase();
  batches = [];
  ledger = await openTestLedger(database.url, { onBatch: (batch) => batches.push(batch) });
});

/** A team with one admitted run. */
async function teamWithRun(plan = 'solo'): Promise<string> {
  const team = uniqueName('team');
  await ledger.submit(newTeam(team, plan));
  await ledger.submit(admitting(team, 'run'));
  return team;
}

describe('group commit', () => {
  it('carries out what has queued in few transactions', async () => {
    const team = await teamWithRun();
    const before = batches.length;
    const keys = Array.from({ length: 300 }, (_, index) => `k${index}`);
    const answers = await Promise.all(keys.map((key) => ledger.submit(committing(team, 'run', key, 0))));
    expect(answers.map(({ status }) => status)).toEqual(keys.map(() => 'charged'));
    expect(batches.length - before).toBeLessThan(10);
    expect((await teamRows(database.pool, team)).charges.size).toBe(300);
  });

  it('gives the same answer to the same operation, whenever it comes again', async () => {
    const team = uniqueName('team');
    const command = { team, actor: 'olga' };
    const operations: readonly Operation[] = [
      reserving(team, 'run', 'a', 5),
      { kind: 'setPayg', ...command, requestId: 'q1', enabled: true, cap: null },
      { kind: 'adjustCredits', ...command, requestId: 'q2', amount: credits(7), reason: 'goodwill' },
      { kind: 'changePlan', ...command, requestId: 'q3', plan: 'team' },
    ];
    await ledger.submit(newTeam(team));
    expect(await ledger.submit(admitting(team, 'run', 3))).toMatchObject({
      status: 'admitted',
      held: 3_000n,
    });
    const first = [];
    for (const operation of operations) first.push(await ledger.submit(operation));
    const rows = await teamRows(database.pool, team);
    const again = await Promise.all(operations.map((operation) => ledger.submit(operation)));
    expect(again).toEqual(first);
    // Asked again, a run is told what it holds now.
    expect(await ledger.submit(admitting(team, 'run', 3))).toMatchObject({
      status: 'admitted',
      held: 5_000n,
    });
    expect((await teamRows(database.pool, team)).entries).toEqual(rows.entries);

    const charged = await ledger.submit(committing(team, 'run', 'a', 5));
    const repeated = await ledger.submit(committing(team, 'run', 'a', 9));
    expect(repeated).toEqual({ ...charged, repeated: true });
    const reverse = {
      kind: 'reverseCharge',
      ...command,
      requestId: 'q4',
      runId: 'run',
      key: 'a',
      reason: 'wrong',
    } as const;
    expect(await ledger.submit(reverse)).toEqual(await ledger.submit(reverse));
    const close = { kind: 'close', team, runId: 'run', reason: 'completed' } as const;
    expect((await ledger.submit(close)).status).toBe('closed');
    expect((await ledger.submit(close)).status).toBe('closed');
    expect(await ledger.submit(newTeam(team, 'team'))).toEqual({ status: 'unchanged' });
  });

  it('takes the same operation twice in one batch for one', async () => {
    const team = await teamWithRun();
    const twice = await Promise.all([
      ledger.submit(committing(team, 'run', 'a', 2)),
      ledger.submit(committing(team, 'run', 'a', 2)),
    ]);
    expect(twice.map((answer) => answer.status === 'charged' && answer.repeated)).toEqual([false, true]);
    expect((await teamRows(database.pool, team)).charges.size).toBe(1);
  });

  it('takes a refusal for an answer', async () => {
    const team = uniqueName('team');
    expect(await ledger.submit(admitting(team, 'run'))).toMatchObject({
      status: 'refused',
      reason: 'unknown-team',
    });
    await ledger.submit(newTeam(team));
    expect(await ledger.submit(reserving(team, 'run', 'a'))).toMatchObject({ reason: 'unknown-run' });
  });

  it.each([
    ['that Postgres refuses', (team: string) => reserving(team, 'run', 'nul \u0000')],
    ['that cannot be written', (team: string) => ({ ...committing(team, 'run', 'bad'), detail: circular() })],
  ])('lets an operation %s fail alone', async (_, bad) => {
    const [team, other] = await Promise.all([teamWithRun(), teamWithRun()]);
    const good = Array.from({ length: 40 }, (_one, index) =>
      committing(index % 2 ? team : other, 'run', `k${index}`),
    );
    const sent: Operation[] = [...good.slice(0, 17), bad(team), ...good.slice(17)];
    const answers = await Promise.allSettled(sent.map((operation) => ledger.submit(operation)));
    const failed = answers.flatMap((answer, index) => (answer.status === 'rejected' ? [index] : []));
    expect(failed).toEqual([17]);
    const fault: unknown = answers[17]?.status === 'rejected' ? answers[17].reason : null;
    expect(fault).toBeInstanceOf(LedgerFault);
    expect(String(fault)).toContain(`of team "${team}" of run "run"`);
    for (const [index, answer] of answers.entries()) {
      if (index !== 17) expect(answer).toMatchObject({ status: 'fulfilled', value: { status: 'charged' } });
    }
    expect((await ledger.submit(committing(team, 'run', 'after'))).status).toBe('charged');
  });

  it('refuses an amount that no column holds, and changes nothing', async () => {
    const team = await teamWithRun();
    const before = await teamRows(database.pool, team);
    const huge = { ...committing(team, 'run', 'huge'), amount: credits(2n ** 62n) };
    const answer = await ledger.submit(huge).catch((error: unknown) => error);
    expect(answer instanceof LedgerFault || (answer as { status: string }).status === 'refused').toBe(true);
    expect(await teamRows(database.pool, team)).toEqual(before);
  });

  it('creates a team once when many want to', async () => {
    const [second, third] = await Promise.all([openTestLedger(database.url), openTestLedger(database.url)]);
    const team = uniqueName('team');
    const answers = await Promise.all(
      Array.from({ length: 30 }, async (_, index) =>
        [ledger, second, third][index % 3]?.submit(newTeam(team)),
      ),
    );
    const statuses = answers.map((answer) => answer?.status);
    expect(statuses.filter((status) => status === 'created')).toHaveLength(1);
    expect(statuses.filter((status) => status === 'unchanged')).toHaveLength(29);
  });

  it('creates a team once when processes want to at the very same moment, each alone', async () => {
    const ledgers = [ledger, await openTestLedger(database.url), await openTestLedger(database.url)];
    for (let round = 0; round < 10; round += 1) {
      const team = uniqueName('team');
      const answers = await Promise.all(ledgers.map((one) => one.submit(newTeam(team))));
      expect(answers.map(({ status }) => status).sort()).toEqual(['created', 'unchanged', 'unchanged']);
    }
  });

  it('tells who must act after a commit, and only of them', async () => {
    const heard: string[] = [];
    const deaf = ledger.onWake(() => {
      throw new Error('a listener that fails is not the ledger’s trouble');
    });
    const stop = ledger.onWake((teams) => heard.push(...teams));
    const team = await teamWithRun('free');
    await ledger.submit(committing(team, 'run', 'all', 25));
    expect((await ledger.submit(admitting(team, 'waits'))).status).toBe('waiting');
    expect(heard).toEqual([]);
    const command = { team, requestId: 'q', actor: 'olga', reason: 'goodwill' };
    expect(await ledger.submit({ kind: 'adjustCredits', ...command, amount: credits(5) })).toMatchObject({
      status: 'done',
    });
    expect(heard).toEqual([team]);
    deaf();
    stop();
    await ledger.submit({ kind: 'release', team, most: 10 });
    expect(heard).toEqual([team]);
  });
});

describe('one batch', () => {
  it('releases the next in line where an admission before the release took its head', async () => {
    const team = await teamWithRun('free');
    await ledger.submit(committing(team, 'run', 'all', 25));
    for (const run of ['first', 'second', 'third']) {
      expect((await ledger.submit(admitting(team, run))).status).toBe('waiting');
    }
    const before = batches.length;
    const command = { team, requestId: 'q', actor: 'olga', reason: 'goodwill' };
    const [, asked, released] = await Promise.all([
      ledger.submit({ kind: 'adjustCredits', ...command, amount: credits(5) }),
      ledger.submit(admitting(team, 'first')),
      ledger.submit({ kind: 'release', team, most: 1 }),
    ]);
    expect(batches.length - before).toBe(1);
    expect(asked.status).toBe('admitted');
    expect(released).toMatchObject({ runs: [{ runId: 'second' }], stillWaiting: 1 });
  });
});

describe('the queue', () => {
  it('has a bound: beyond it nothing happens', async () => {
    const small = await openTestLedger(database.url, { queueLimit: 10, batchLimit: 5 });
    const team = await teamWithRun();
    const answers = await Promise.allSettled(
      Array.from({ length: 50 }, (_, index) => small.submit(committing(team, 'run', `q${index}`, 0))),
    );
    const busy = answers.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
    expect(busy).toHaveLength(40);
    for (const error of busy) expect(error).toBeInstanceOf(LedgerBusy);
    expect((await teamRows(database.pool, team)).charges.size).toBe(10);
  });

  it('is worked off before the ledger closes; then nothing is taken', async () => {
    const closing = await openLedger({ databaseUrl: database.url, rules: TEST_RULES, batchLimit: 7 });
    const team = await teamWithRun();
    const answers = Array.from({ length: 60 }, (_, index) =>
      closing.submit(committing(team, 'run', `c${index}`, 0)),
    );
    await closing.close();
    expect((await Promise.all(answers)).every(({ status }) => status === 'charged')).toBe(true);
    await expect(closing.submit(committing(team, 'run', 'late', 0))).rejects.toBeInstanceOf(
      LedgerUnavailable,
    );
  });
});

function circular(): never {
  const detail: Record<string, unknown> = { type: 'x', lines: [] };
  detail['usage'] = detail;
  return detail as never;
}
