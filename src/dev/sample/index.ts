import { Client } from '@temporalio/client';
import { FlowCreditsClient, type StartRun } from '../../client';
import { connectionFromEnv, temporalSettings } from '../../client/connection';
import { openReader } from '../../ledger/read';
import { loadPricing, pricingFilesFrom } from '../../pricing';
import { type Stack } from '../stack';
import { playsFor, type Plays } from './flows';
import { PastTeam, type PastOptions } from './past-team';
import { enterpriseStory, freeStory, periodsOf, runOutStory, type Story } from './pasts';

/** A bound for runs that nobody ends up executing. */
const MOST_RUNS = 60;

/** Teams to look at, named by trees as the demo's are, and by none of its names. */
export const SAMPLE = { runOut: 'willow', enterprise: 'juniper', free: 'hazel' } as const;

interface Sample {
  readonly team: string;
  readonly story: Story;
  /** How old its present period is, in days, and how many ended before it. */
  readonly days: number;
  readonly ended: number;
}

const SAMPLES: readonly Sample[] = [
  { team: SAMPLE.runOut, story: runOutStory, days: 24, ended: 1 },
  { team: SAMPLE.enterprise, story: enterpriseStory, days: 24, ended: 2 },
  { team: SAMPLE.free, story: freeStory, days: 9, ended: 1 },
];

export interface SampleOptions {
  /** The API that the flows' requests ask; null where there is none. */
  readonly apiUrl: string | null;
  readonly onProgress: (line: string) => void;
  /** The worker's, where that is not the usual one. */
  readonly taskQueue?: string;
  /** Somebody stops the stack. */
  readonly signal?: AbortSignal;
}

type Where = Pick<Stack, 'env' | 'databaseUrl'>;

/**
 * Where there is no team yet, three that have used something for about two months: one that has spent nearly all, one on
 * Enterprise with a pack and pay-as-you-go, one on Free. It goes through the ledger alone, and before any worker looks at
 * it: the schedule of the reset would take teams whose month is over to the present. False where there are teams already.
 */
export async function samplePast(
  { env, databaseUrl }: Where,
  { apiUrl, onProgress, signal }: SampleOptions,
): Promise<boolean> {
  const pricing = loadPricing(pricingFilesFrom(env));
  const reader = openReader(databaseUrl, pricing);
  try {
    if ((await reader.teams({ after: null, limit: 1 })).length > 0) return false;
    onProgress('sample teams: two months of usage, on a new stack (--no-sample leaves them out) …');
    const plays = playsFor(apiUrl);
    const books = { databaseUrl, pricing, reader, ...(signal === undefined ? {} : { signal }) };
    await Promise.all(SAMPLES.map((sample) => lived(sample, books, plays)));
    return true;
  } finally {
    await reader.close();
  }
}

/** What the teams of {@link samplePast} do now, by real runs of the stack's worker: some end, one is under way, and those of one team wait. */
export async function sampleToday(
  { env, databaseUrl }: Where,
  { apiUrl, onProgress, taskQueue }: SampleOptions,
): Promise<boolean> {
  onProgress("sample teams: today's runs …");
  const reader = openReader(databaseUrl, loadPricing(pricingFilesFrom(env)));
  const { connection, namespace } = await connectionFromEnv(temporalSettings(env));
  try {
    await runsOfToday(
      new FlowCreditsClient({
        client: new Client({ connection, namespace }),
        reader,
        ...(taskQueue === undefined ? {} : { taskQueue }),
      }),
      playsFor(apiUrl),
    );
    return true;
  } finally {
    await Promise.all([connection.close(), reader.close()]);
  }
}

async function lived(
  { team, story, days, ended }: Sample,
  books: Omit<PastOptions, 'team' | 'from'>,
  plays: Plays,
): Promise<void> {
  const now = await books.reader.now();
  const periods = periodsOf(now, days, ended);
  const past = await PastTeam.open({ ...books, team, from: periods.first });
  try {
    await story(past, plays, periods, now);
  } finally {
    await past.close();
  }
}

async function runsOfToday(client: FlowCreditsClient, { review, report, watch }: Plays): Promise<void> {
  const { runOut, enterprise, free } = SAMPLE;
  const runs = async (starts: readonly StartRun[]): Promise<void> => {
    for (const start of starts) await run(client, start);
  };
  await Promise.all([
    untilTheyWait(client, { team: runOut, flow: review.flow, trigger: 'webhook' }, [
      { team: runOut, flow: review.flow, trigger: 'schedule' },
      { team: runOut, flow: report.flow, trigger: 'schedule' },
      { team: runOut, flow: report.flow, trigger: 'api' },
    ]),
    runs([
      { team: enterprise, flow: review.flow, trigger: 'api' },
      { team: enterprise, flow: report.flow, trigger: 'schedule' },
      { team: enterprise, flow: review.flow, trigger: 'webhook' },
    ]),
    client.startRun({ team: enterprise, flow: watch.flow, trigger: 'webhook', wait: 'admission' }),
    runs([{ team: free, flow: report.flow, trigger: 'api' }]),
  ]);
}

async function untilTheyWait(
  client: FlowCreditsClient,
  first: StartRun,
  others: readonly StartRun[],
): Promise<void> {
  for (let runs = 0; runs < MOST_RUNS; runs += 1) {
    if ((await run(client, first)).status !== 'waiting') continue;
    // One stands in the line: these join it.
    for (const other of others) await run(client, other);
    return;
  }
}

/** Until it waits or has ended. */
async function run(client: FlowCreditsClient, start: StartRun): Promise<{ status: string }> {
  const started = await client.startRun({ ...start, wait: 'admission' });
  const { status = 'unknown' } = started.admission ?? {};
  if (status === 'admitted') await started.result();
  return { status };
}
