import { type Pool } from 'pg';

/**
 * Moves the ledger's time forward by so many milliseconds, for development and tests. Returns the new offset from
 * Postgres's clock. Refuses to move it back: no team's time ever runs backwards.
 */
export async function moveClock(pool: Pool, milliseconds: number): Promise<number> {
  if (!Number.isSafeInteger(milliseconds) || milliseconds < 0) {
    throw new RangeError(`the ledger's clock moves forward by whole milliseconds, not by ${milliseconds}`);
  }
  const { rows } = await pool.query<{ offset_ms: string }>(
    'UPDATE flow_credits.ledger_clock SET offset_ms = offset_ms + $1 RETURNING offset_ms',
    [milliseconds],
  );
  return Number(rows[0]?.offset_ms ?? 0);
}
