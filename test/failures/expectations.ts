import { expect } from '@jest/globals';
import { type StartedRun } from '../../src/client';
import { entriesOf, violationsOf } from './books';
import { type Platform } from './platform';

/** Bounds for a broken build, on a machine that is busy with others; no measure of speed. */
export const TEST_TIMEOUT_MS = 300_000;
export const PATIENT = { timeoutMs: 120_000 } as const;

/** One HTTP request in the cloud. */
export const BLOCK_PRICE = 1_000n;

/**
 * Every run has completed and was told its right total; in the ledger each has one charge for each block, of the right
 * amount; nothing is held or waits; all invariants hold.
 */
export async function expectSettled(
  platform: Platform,
  team: string,
  runs: readonly StartedRun[],
  blocks: readonly string[],
): Promise<void> {
  const results = await Promise.all(runs.map((run) => run.result()));
  const total = String(BLOCK_PRICE * BigInt(blocks.length));
  expect(results.map(({ charged }) => charged)).toEqual(runs.map(() => total));

  const charges = (await entriesOf(platform.pool, team)).filter(({ kind }) => kind === 'charge');
  expect(
    charges.map(({ runId, key, amount }) => `${runId ?? ''} ${key ?? ''} ${String(amount)}`).sort(),
  ).toEqual(
    runs.flatMap(({ runId }) => blocks.map((key) => `${runId} ${key} ${String(BLOCK_PRICE)}`)).sort(),
  );
  await expectAtRest(platform, team, runs.length);
}

/** So many runs, all closed; nothing is held, reserved, late or waiting; all invariants hold. */
export async function expectAtRest(platform: Platform, team: string, runs: number): Promise<void> {
  const rows = await platform.reader.runs(team, { limit: 10_000 });
  const open = rows.filter(
    ({ status, holds, reservations }) =>
      status !== 'closed' || holds.length > 0 || Object.keys(reservations).length > 0,
  );
  expect(open).toEqual([]);
  expect(rows).toHaveLength(runs);
  const overview = await platform.reader.team(team);
  expect(overview).toMatchObject({
    balances: { included: { held: 0n }, purchased: { held: 0n }, adjustment: { held: 0n } },
    payg: { held: 0n },
    overdraft: 0n,
    waiting: 0,
  });
  expect(await violationsOf(platform.pool, platform.pricing, team)).toEqual([]);
}

/** The HTTP server saw each block of each run exactly once. */
export function expectRequestedOnce(
  { gate }: Platform,
  runs: readonly StartedRun[],
  blocks: readonly string[],
): void {
  const wanted = runs.flatMap(({ workflowId }) => blocks.map((block) => `${workflowId}/${block}`));
  expect(gate.calls.map(({ run, block }) => `${run}/${block}`).sort()).toEqual(wanted.sort());
}
