import { cpus, totalmem } from 'node:os';
import { Client } from 'pg';
import { startPostgres } from '../../src/dev/postgres-server';
import { migrate } from '../../src/ledger/migrations';
import { loadPricing } from '../../src/pricing';
import { type Contender, type Workload } from './contender';
import { median, operationsPerSecond } from './measure';
import { ours } from './ours';
import { textbook } from './textbook';

const ROUNDS = 3;
const ROUND_MS = 2_000;
const WARM_UP_MS = 1_000;
/**
 * Ten: of those tried (2 to 64) the best or next to it on a quiet machine. Sixty-four: as many as there are callers in the
 * smaller loads, which is what one has first, and under other work the better one on a thousand teams.
 */
const TEXTBOOK_CONNECTIONS = [10, 64] as const;

const LOADS = [
  { teams: 1, callers: 64 },
  { teams: 1, callers: 1024 },
  { teams: 1000, callers: 64 },
  { teams: 1000, callers: 1024 },
] as const;

export interface LedgerBench {
  readonly machine: {
    readonly cpus: number;
    readonly model: string;
    readonly memoryGb: number;
    readonly node: string;
    readonly postgres: string;
    /** Settings of the Postgres that both use. */
    readonly fsync: string;
    readonly synchronousCommit: string;
  };
  readonly rounds: number;
  readonly roundMs: number;
  readonly loads: readonly LoadFigures[];
}

export interface LoadFigures {
  readonly teams: number;
  readonly callers: number;
  /** Medians of the rounds; one reserve or one commit is one operation. */
  readonly operationsPerSecond: number;
  /** Each against the same, in the same rounds. */
  readonly textbooks: readonly {
    readonly connections: number;
    readonly operationsPerSecond: number;
    /** How many times as many are ours. */
    readonly ratio: number;
  }[];
}

/** Reserve and commit against the textbook on the same Postgres, in alternating rounds. */
export async function ledgerBench(progress: (line: string) => void): Promise<LedgerBench> {
  const server = await startPostgres();
  try {
    const url = server.url();
    await migrate(url);
    const own = await ours(url, loadPricing());
    const books = await Promise.all(TEXTBOOK_CONNECTIONS.map((connections) => textbook(url, connections)));
    try {
      const loads: LoadFigures[] = [];
      for (const load of LOADS) loads.push(await figuresOf(own, books, load, progress));
      return { machine: await machineOf(url), rounds: ROUNDS, roundMs: ROUND_MS, loads };
    } finally {
      for (const contender of [own, ...books]) await contender.close();
    }
  } finally {
    await server.stop();
  }
}

async function figuresOf(
  own: Contender,
  books: readonly Contender[],
  { teams, callers }: (typeof LOADS)[number],
  progress: (line: string) => void,
): Promise<LoadFigures> {
  const all: { readonly work: Workload; readonly rounds: number[] }[] = [];
  for (const contender of [own, ...books]) {
    all.push({ work: await contender.prepare(teams, callers), rounds: [] });
  }
  for (const { work } of all) await operationsPerSecond(work, callers, WARM_UP_MS);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { work, rounds } of all) rounds.push(await operationsPerSecond(work, callers, ROUND_MS));
  }
  const [mine = 0, ...others] = all.map(({ rounds }) => Math.round(median(rounds)));
  const textbooks = TEXTBOOK_CONNECTIONS.map((connections, index) => {
    const figure = others[index] ?? 0;
    return { connections, operationsPerSecond: figure, ratio: Math.round((mine / figure) * 10) / 10 };
  });
  const against = textbooks.map(
    (one, index) => `${books[index]?.name ?? ''}: ${one.operationsPerSecond}, ${one.ratio} times`,
  );
  progress(
    `${teams} ${teams === 1 ? 'team' : 'teams'}, ${callers} callers: ${mine} operations/s; ${against.join('; ')}`,
  );
  return { teams, callers, operationsPerSecond: mine, textbooks };
}

async function machineOf(url: string): Promise<LedgerBench['machine']> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const shown = async (setting: string): Promise<string> => {
    const { rows } = await client.query<{ value: string }>('SELECT current_setting($1) AS value', [setting]);
    return rows[0]?.value ?? '';
  };
  try {
    return {
      cpus: cpus().length,
      model: cpus()[0]?.model ?? 'unknown',
      memoryGb: Math.round(totalmem() / 2 ** 30),
      node: process.version,
      postgres: await shown('server_version'),
      fsync: await shown('fsync'),
      synchronousCommit: await shown('synchronous_commit'),
    };
  } finally {
    await client.end();
  }
}
