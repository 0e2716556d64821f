import { loadavg } from 'node:os';
import { startPostgres } from '../../src/dev/postgres-server';
import { migrate } from '../../src/ledger/migrations';
import { watchTeams } from '../../src/ledger/read';
import { loadPricing } from '../../src/pricing';
import { type Workload } from '../ledger/contender';
import { median, operationsPerSecond } from '../ledger/measure';
import { ours } from '../ledger/ours';

const ROUNDS = 7;
const ROUND_MS = 2_000;
const WARM_UP_MS = 2_000;
const CALLERS = [64, 1024] as const;

export interface AnnounceFigures {
  readonly callers: number;
  /** Medians of the rounds, of one hot team. */
  readonly announcing: number;
  readonly silent: number;
  readonly ratio: number;
  /** What a listener heard a second. */
  readonly heardPerSecond: number;
  readonly loadAverage: number;
}

/** One hot team with a listener, against the same ledger that announces nothing, in alternating rounds. */
export async function announceBench(progress: (line: string) => void): Promise<readonly AnnounceFigures[]> {
  const server = await startPostgres();
  try {
    const url = server.url();
    await migrate(url);
    const rules = loadPricing();
    const [announcing, silent] = await Promise.all([
      ours(url, rules),
      ours(url, rules, { announceEveryMs: null }),
    ]);
    const watch = watchTeams(url);
    try {
      const figures: AnnounceFigures[] = [];
      for (const callers of CALLERS) {
        const loud = await announcing.prepare(1, callers);
        const quiet = await silent.prepare(1, callers);
        let heard = 0;
        const stop = watch.subscribe(`w${figures.length + 1}-0`, () => (heard += 1));
        const rounds: [number, number][] = [];
        for (const work of [loud, quiet]) await operationsPerSecond(work, callers, WARM_UP_MS);
        heard = 0;
        for (let round = 0; round < ROUNDS; round += 1)
          rounds.push(await roundOf(loud, quiet, callers, round));
        stop();
        const figure = {
          callers,
          announcing: Math.round(median(rounds.map(([one]) => one))),
          silent: Math.round(median(rounds.map(([, other]) => other))),
          ratio: median(rounds.map(([one, other]) => one / other)),
          heardPerSecond: (heard * 1000) / (ROUNDS * ROUND_MS),
          loadAverage: loadavg()[0] ?? 0,
        };
        progress(JSON.stringify(figure));
        figures.push(figure);
      }
      return figures;
    } finally {
      await watch.close();
      await Promise.all([announcing.close(), silent.close()]);
    }
  } finally {
    await server.stop();
  }
}

/** Who goes first changes from round to round. */
async function roundOf(
  loud: Workload,
  quiet: Workload,
  callers: number,
  round: number,
): Promise<[number, number]> {
  if (round % 2 === 0) {
    const first = await operationsPerSecond(loud, callers, ROUND_MS);
    return [first, await operationsPerSecond(quiet, callers, ROUND_MS)];
  }
  const first = await operationsPerSecond(quiet, callers, ROUND_MS);
  return [await operationsPerSecond(loud, callers, ROUND_MS), first];
}
