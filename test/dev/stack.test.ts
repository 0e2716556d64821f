import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { connectionFromEnv, temporalSettings } from '../../src/client/connection';
import { SCHEDULES } from '../../src/contracts/names';
import { ServerFailed } from '../../src/dev/errors';
import { startStack, type Stack, type StackOptions } from '../../src/dev/stack';
import { eventually } from '../support/eventually';
import { isGone, leftovers, temporaryFolder } from './processes';

const stacks: Stack[] = [];
const folder = temporaryFolder();
afterAll(async () => {
  await Promise.all(stacks.map((stack) => stack.stop()));
  rmSync(folder, { recursive: true, force: true });
});

async function start(options: StackOptions = {}): Promise<Stack> {
  const { TEMPORAL_ADDRESS: _address, DATABASE_URL: _url, ...env } = process.env;
  const stack = await startStack({ env, headless: true, ...options });
  stacks.push(stack);
  return stack;
}

async function query(stack: Stack, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: stack.databaseUrl });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Visibility lags: a schedule that was just made is listed a moment later. */
async function expectBothSchedules(stack: Stack): Promise<void> {
  const both = Object.values(SCHEDULES).sort();
  await eventually(async () => {
    expect(await scheduleIds(stack)).toEqual(both);
  });
}

async function scheduleIds(stack: Stack): Promise<string[]> {
  const { connection, namespace } = await connectionFromEnv(temporalSettings(stack.env));
  try {
    const { schedules } = await connection.workflowService.listSchedules({ namespace });
    return schedules.map(({ scheduleId }) => scheduleId ?? '').sort();
  } finally {
    await connection.close();
  }
}

describe('a stack', () => {
  it('comes twice at once, each with servers and data of its own, and leaves nothing', async () => {
    const [one, two] = await Promise.all([start({ schedules: false }), start({ schedules: false })]);
    expect(one.temporalAddress).not.toBe(two.temporalAddress);
    await query(one, 'CREATE TABLE only_here (n int)');
    expect(await query(two, "SELECT to_regclass('only_here') AS found")).toEqual([{ found: null }]);

    const pids = [one, two].flatMap((stack) => [stack.temporal?.pid() ?? 0, stack.postgres?.pid() ?? 0]);
    expect(pids.map(isGone)).toEqual([false, false, false, false]);
    await Promise.all([one.stop(), two.stop(), one.stop()]);
    expect(pids.map(isGone)).toEqual([true, true, true, true]);
  });

  it('with a data folder goes on where it was, and lets nobody else in', async () => {
    const dataDir = join(folder, 'data');
    const before = await start({ dataDir });
    await query(before, 'CREATE TABLE kept AS SELECT 7 AS n');
    await expectBothSchedules(before);
    await expect(start({ dataDir })).rejects.toThrow(
      `${dataDir} is in use by process ${String(process.pid)}`,
    );
    await before.stop();

    const after = await start({ dataDir, schedules: false });
    expect(await query(after, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
    await expectBothSchedules(after);
    await after.stop();
  });

  it('uses the real ones that the environment names, and leaves them running', async () => {
    const real = await start({ schedules: false });
    const borrowed = await start({ env: real.env, schedules: false });
    expect(borrowed).toMatchObject({ temporal: null, postgres: null, databaseUrl: real.databaseUrl });
    await borrowed.stop();
    expect(await query(real, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    await real.stop();
  });

  it('that cannot come up leaves nothing running', async () => {
    const tmp = temporaryFolder();
    const { TMPDIR: previous } = process.env;
    process.env['TMPDIR'] = tmp;
    try {
      const failing = start({ postgres: { settings: { no_such_setting: 'x' } } });
      await expect(failing).rejects.toThrow(ServerFailed);
      await expect(failing).rejects.toThrow('no_such_setting');
      expect(leftovers(tmp)).toEqual([]);
    } finally {
      if (previous === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = previous;
      rmSync(tmp, { recursive: true, force: true });
    }
  });
});
