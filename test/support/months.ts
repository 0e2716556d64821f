import { type Pool } from 'pg';
import { moveClock } from '../../src/ledger';
import { type LedgerReader } from '../../src/ledger/read';

const DAY_MS = 86_400_000;

/**
 * Moves the ledger's clock past so many of a team's resets, of months, and well before the next one: on whatever day of a
 * month the test runs.
 */
export async function movePastResets(
  pool: Pool,
  reader: Pick<LedgerReader, 'team'>,
  team: string,
  count: 1 | 3,
): Promise<void> {
  const overview = await reader.team(team);
  if (overview === null) throw new Error(`there is no team "${team}"`);
  // A month has 28 to 31 days, three in a row have 89 to 92: the third reset is within 62 days of the first, the fourth
  // not before the 89th.
  const days = count === 1 ? 10 : 75;
  await moveClock(pool, overview.period.end - overview.at + days * DAY_MS);
}
