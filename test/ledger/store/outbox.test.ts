import { beforeAll, describe, expect, it } from '@jest/globals';
import { moveClock, type Ledger } from '../../../src/ledger';
import { openReader, type LedgerReader } from '../../../src/ledger/read';
import { testDatabase, uniqueName, type TestDatabase } from '../../support';
import { TEST_RULES } from '../core/rules';
import { newTeam, openTestLedger } from './scene';

const DAY_MS = 86_400_000;

let database: TestDatabase;
let ledger: Ledger;
let reader: LedgerReader;

beforeAll(async () => {
  database = await testDatabase();
  ledger = await openTestLedger(database.url);
  reader = openReader(database.pool, TEST_RULES);
});

/** A team with so many events, all `payg.enabled`. */
async function teamWith(events: number): Promise<string> {
  const team = uniqueName('team');
  await ledger.submit(newTeam(team));
  for (let count = 0; count < events; count += 1) {
    const requestId = String(count);
    await ledger.submit({ kind: 'setPayg', team, enabled: true, cap: null, actor: 'olga', requestId });
  }
  return team;
}

async function turnOff(team: string): Promise<void> {
  await ledger.submit({ kind: 'setPayg', team, enabled: false, cap: null, actor: 'olga', requestId: 'off' });
}

async function dueOf(team: string): Promise<readonly (readonly [number, number])[]> {
  const due = await ledger.outbox.due(10_000);
  return due.filter((one) => one.team === team).map(({ event, attempts }) => [event.seq, attempts] as const);
}

async function statuses(team: string): Promise<readonly string[]> {
  return (await reader.events(team, { after: 0, limit: 100 })).map(({ status }) => status);
}

describe('the outbox', () => {
  it('tells of a batch’s kinds after its commit, and of no batch without events', async () => {
    const heard: string[] = [];
    const stop = ledger.onEvents((kinds) => heard.push(...kinds));
    const deaf = ledger.onEvents(() => {
      throw new Error('a broken listener');
    });
    const team = await teamWith(2);
    expect(heard).toEqual(['payg.enabled', 'payg.enabled']);
    stop();
    deaf();
    await turnOff(team);
    expect(heard).toHaveLength(2);
  });

  it('gives what is due in order, each until it was delivered', async () => {
    const team = await teamWith(3);
    expect(await dueOf(team)).toEqual([1, 2, 3].map((seq) => [seq, 0]));
    await ledger.outbox.delivered({ team, seq: 2 });
    await ledger.outbox.delivered({ team, seq: 2 });
    expect(await dueOf(team)).toEqual([1, 3].map((seq) => [seq, 0]));
    expect(await reader.event(team, 2)).toMatchObject({ status: 'delivered', attempts: 1, lastError: null });
    expect((await reader.event(team, 2))?.deliveredAt).not.toBeNull();
  });

  it('gives what failed after its pause by the ledger’s time, and what is dead no more', async () => {
    const team = await teamWith(2);
    await ledger.outbox.failed({ team, seq: 1 }, { error: 'HTTP 500', againInMs: DAY_MS });
    await ledger.outbox.failed({ team, seq: 2 }, { error: 'HTTP 410', againInMs: null });
    expect(await dueOf(team)).toEqual([]);
    expect(await statuses(team)).toEqual(['pending', 'dead']);
    await moveClock(database.pool, DAY_MS);
    expect(await dueOf(team)).toEqual([[1, 1]]);
    expect(await reader.deadEvents({ team, limit: 10 })).toMatchObject([
      { team, event: { seq: 2 }, attempts: 1, lastError: 'HTTP 410' },
    ]);
    // What somebody else's attempt delivered stays so.
    await ledger.outbox.delivered({ team, seq: 1 });
    await ledger.outbox.failed({ team, seq: 1 }, { error: 'late', againInMs: null });
    expect(await statuses(team)).toEqual(['delivered', 'dead']);
  });

  it('tells when the next one is due', async () => {
    const { outbox } = ledger;
    for (const { team, event } of await outbox.due(10_000)) await outbox.delivered({ team, seq: event.seq });
    expect(await outbox.nextDueInMs()).toBeNull();
    const team = await teamWith(1);
    expect(await outbox.nextDueInMs()).toBeLessThanOrEqual(0);
    await outbox.failed({ team, seq: 1 }, { error: 'HTTP 500', againInMs: DAY_MS });
    const next = (await outbox.nextDueInMs()) ?? NaN;
    expect(next).toBeGreaterThan(DAY_MS - 60_000);
    expect(next).toBeLessThanOrEqual(DAY_MS);
    await outbox.delivered({ team, seq: 1 });
  });

  it('puts dead ones back: one, those of a team, all, and as many at a time as it may', async () => {
    await ledger.outbox.retry({}, 10_000);
    const [one, other] = [await teamWith(3), await teamWith(1)];
    for (const [team, seq] of [
      [one, 1],
      [one, 2],
      [one, 3],
      [other, 1],
    ] as const) {
      await ledger.outbox.failed({ team, seq }, { error: 'x', againInMs: null });
    }
    expect(await ledger.outbox.retry({ team: one, seq: 2 }, 10)).toBe(1);
    expect(await dueOf(one)).toEqual([[2, 0]]);
    expect(await ledger.outbox.retry({ team: one }, 1)).toBe(1);
    expect(await ledger.outbox.retry({ team: one }, 10)).toBe(1);
    expect(await statuses(other)).toEqual(['dead']);
    expect(await ledger.outbox.retry({}, 10)).toBe(1);
    expect(await ledger.outbox.retry({}, 10)).toBe(0);
  });

  it('keeps what nobody is to be sent, and counts it nowhere', async () => {
    for (const { team, event } of await ledger.outbox.due(10_000)) {
      await ledger.outbox.delivered({ team, seq: event.seq });
    }
    const team = await teamWith(3);
    await ledger.outbox.keep([]);
    await ledger.outbox.keep([1, 3].map((seq) => ({ team, seq })));
    expect(await statuses(team)).toEqual(['kept', 'pending', 'kept']);
    expect(await reader.eventCounts()).toMatchObject({ pending: 1, dead: 0 });
    expect(await ledger.outbox.retry({ team }, 10)).toBe(0);
  });

  it('deletes what is done with and old; what was never sent only where it never will be', async () => {
    const team = await teamWith(5);
    const { outbox } = ledger;
    await outbox.delivered({ team, seq: 1 });
    await outbox.keep([{ team, seq: 2 }]);
    await outbox.failed({ team, seq: 3 }, { error: 'x', againInMs: null });
    const old = { olderThanMs: 30 * DAY_MS, limit: 1_000 };
    expect(await outbox.prune({ ...old, pending: true })).toBe(0);
    await moveClock(database.pool, 31 * DAY_MS);
    await outbox.prune({ ...old, pending: false });
    expect(await statuses(team)).toEqual(['dead', 'pending', 'pending']);
    expect(await outbox.prune({ ...old, pending: true, limit: 1 })).toBe(1);
    while ((await outbox.prune({ ...old, pending: true })) > 0);
    expect(await statuses(team)).toEqual(['dead']);
    // Numbers go on where they were.
    await turnOff(team);
    const seqs = (await reader.events(team, { after: 0, limit: 10 })).map(({ event }) => event.seq);
    expect(seqs.slice(0, 2)).toEqual([3, 6]);
  });

  it('is used with the rights of the worker', async () => {
    await database.pool.query(`
      CREATE TABLE public.markers (marker text);
      GRANT INSERT ON public.markers TO PUBLIC;
      CREATE FUNCTION public.mark() RETURNS trigger LANGUAGE plpgsql
        AS $$ BEGIN INSERT INTO public.markers VALUES (current_user); RETURN NULL; END $$;
      CREATE TRIGGER mark AFTER UPDATE OR DELETE ON flow_credits.events EXECUTE FUNCTION public.mark()`);
    const team = await teamWith(1);
    await ledger.outbox.delivered({ team, seq: 1 });
    await ledger.outbox.prune({ olderThanMs: 0, pending: true, limit: 1_000 });
    const { rows } = await database.pool.query('SELECT DISTINCT marker FROM public.markers');
    expect(rows).toEqual([{ marker: 'flow_credits_worker' }]);
  });
});

describe('the feed', () => {
  it('is read from a number on, by kind, and of one team alone', async () => {
    const team = await teamWith(3);
    await turnOff(team);
    const seqs = async (page: Parameters<LedgerReader['events']>[1]): Promise<readonly number[]> =>
      (await reader.events(team, page)).map(({ event }) => event.seq);
    expect(await seqs({ after: 0, limit: 2 })).toEqual([1, 2]);
    expect(await seqs({ after: 2, limit: 10 })).toEqual([3, 4]);
    expect(await seqs({ after: 0, limit: 10, kind: 'payg.disabled' })).toEqual([4]);
    expect(await reader.events(uniqueName('nobody'), { after: 0, limit: 10 })).toEqual([]);
    expect(await reader.event(team, 99)).toBeNull();
    expect(await reader.event(team, 4)).toMatchObject({
      team,
      event: { kind: 'payg.disabled', data: { actor: 'olga' } },
      status: 'pending',
      attempts: 0,
    });
  });
});
