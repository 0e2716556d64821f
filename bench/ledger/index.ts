import { cpus, totalmem } from 'node:os';
import { Client } from 'pg';
import { startPostgres } from '../../src/dev/postgres-server';
import { migrate } from '../../src/ledger/migrations';
import { loadPricing } from '../../src/pricing';
import { type Contender } from './contender';
import { median, operationsPerSecond } from './measure';
import { ours } from './ours';
import { textbook } from './textbook';

const ROUNDS = 3;
const ROUND_MS = 2_000;
const WARM_UP_MS = 1_000;
/** Of those tried (2 to 64) the best or next to it, on one team and on a thousand. */
const TEXTBOOK_CONNECTIONS = 10;

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
  readonly operationsPerSecond: { readonly ours: number; readonly textbook: number };
  readonly ratio: number;
}

/** Reserve and commit against the textbook on the same Postgres, in alternating rounds. */
export async function ledgerBench(progress: (line: string) => void): Promise<LedgerBench> {
  const server = await startPostgres();
  try {
    const url = server.url();
    await migrate(url);
    const contenders = [await ours(url, loadPricing()), await textbook(url, TEXTBOOK_CONNECTIONS)] as const;
    try {
      const loads: LoadFigures[] = [];
      for (const load of LOADS) loads.push(await figuresOf(contenders, load, progress));
      return { machine: await machineOf(url), rounds: ROUNDS, roundMs: ROUND_MS, loads };
    } finally {
      for (const contender of contenders) await contender.close();
    }
  } finally {
    await server.stop();
  }
}

async function figuresOf(
  contenders: readonly [Contender, Contender],
  { teams, callers }: (typeof LOADS)[number],
  progress: (line: string) => void,
): Promise<LoadFigures> {
  const [own, book] = await Promise.all(contenders.map((contender) => contender.prepare(teams, callers)));
  if (own === undefined || book === undefined) throw new Error('there are two contenders');
  for (const work of [own, book]) await operationsPerSecond(work, callers, WARM_UP_MS);
  const ownRounds: number[] = [];
  const bookRounds: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    ownRounds.push(await operationsPerSecond(own, callers, ROUND_MS));
    bookRounds.push(await operationsPerSecond(book, callers, ROUND_MS));
  }
  const figures = { ours: Math.round(median(ownRounds)), textbook: Math.round(median(bookRounds)) };
  const ratio = Math.round((figures.ours / figures.textbook) * 10) / 10;
  progress(
    `${teams} ${teams === 1 ? 'team' : 'teams'}, ${callers} callers: ` +
      `${figures.ours} operations/s, textbook ${figures.textbook}, ${ratio} times`,
  );
  return { teams, callers, operationsPerSecond: figures, ratio };
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
