import { openLedger } from '../../src/ledger';
import { type Rules } from '../../src/ledger/core/types';

/**
 * What one would write first: a transaction per team, so many at a time on as many connections. The rules and the rows
 * are the same.
 */
export async function oneByOne(
  databaseUrl: string,
  rules: Rules,
  teams: readonly string[],
  connections: number,
): Promise<number> {
  const ledgers = await Promise.all(
    Array.from({ length: connections }, () => openLedger({ databaseUrl, rules, batchLimit: 1 })),
  );
  try {
    const queue = teams.values();
    const begun = performance.now();
    await Promise.all(
      ledgers.map(async (ledger) => {
        for (const team of queue) await ledger.submit({ kind: 'touch', team });
      }),
    );
    return (performance.now() - begun) / 1000;
  } finally {
    await Promise.all(ledgers.map((ledger) => ledger.close()));
  }
}
