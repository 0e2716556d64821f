import { cpus } from 'node:os';
import { Client } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { Pool } from 'pg';
import { connectionFromEnv, temporalSettings } from '../../src/client/connection';
import { credits } from '../../src/contracts/millicredits';
import { TASK_QUEUE, WORKFLOWS } from '../../src/contracts/names';
import { startStack, type Stack } from '../../src/dev/stack';
import { moveClock, openLedger, type Ledger } from '../../src/ledger';
import { openReader, type LedgerReader } from '../../src/ledger/read';
import { createFlowCreditsWorker } from '../../src/plugin/create-worker';
import { loadPricing, type Pricing } from '../../src/pricing';
import { type MonthlyResetResult } from '../../src/workflows';
import { oneByOne } from './obvious';
import { bystander, round, watchMemory, type BystanderFigures, type MemoryFigures } from './observe';
import { makeTeams } from './teams';

const MONTH_MS = 32 * 86_400_000;
const OBVIOUS_TEAMS = 2_000;
const OBVIOUS_CONNECTIONS = 10;
const QUIET_MS = 3_000;
/** Of so many teams one is verified. */
const VERIFIED_EVERY = 500;
/** Its team is not due: it is made after the clock was moved. */
const BYSTANDER = { team: 'bystander', runId: 'bystander:bench' };

export interface ResetBench {
  readonly machine: { readonly cpus: number; readonly node: string };
  readonly teams: number;
  readonly seconds: number;
  readonly teamsPerSecond: number;
  /** How long Postgres was at work in that time, over all connections. */
  readonly postgresSeconds: number;
  readonly memoryMb: MemoryFigures;
  /** A caller of another team in the same process, while nothing else happens and during the reset. */
  readonly bystander: { readonly quiet: BystanderFigures; readonly during: BystanderFigures };
  readonly obvious: {
    readonly name: string;
    readonly teams: number;
    readonly teamsPerSecond: number;
  };
  readonly ratio: number;
  readonly verified: number;
}

/** `monthlyReset` on Temporal and Postgres, with so many teams due at once, against a transaction per team. */
export async function resetBench(teams: number, progress: (line: string) => void): Promise<ResetBench> {
  Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
  const stack = await startStack({ headless: true, schedules: false, onProgress: progress });
  const pricing = loadPricing();
  const ledger = await openLedger({ databaseUrl: stack.databaseUrl, rules: pricing, timeoutMs: 60_000 });
  const pool = new Pool({ connectionString: stack.databaseUrl, max: 2 });
  const reader = openReader(stack.databaseUrl, pricing);
  try {
    return await measure(stack, { ledger, reader, pool, pricing }, teams, progress);
  } finally {
    await reader.close();
    await pool.end();
    await ledger.close();
    await stack.stop();
  }
}

interface Parts {
  readonly ledger: Ledger;
  readonly reader: LedgerReader;
  readonly pool: Pool;
  readonly pricing: Pricing;
}

async function measure(
  stack: Stack,
  { ledger, reader, pool, pricing }: Parts,
  teams: number,
  progress: (line: string) => void,
): Promise<ResetBench> {
  progress(`making ${teams} teams`);
  await makeTeams(ledger, 'team', teams);
  const sample = Math.min(OBVIOUS_TEAMS, teams);
  await makeTeams(ledger, 'obvious', sample);
  await pool.query('ANALYZE');
  await moveClock(pool, MONTH_MS);
  await startBystander(ledger);

  const names = Array.from({ length: sample }, (_, number) => `obvious-${number}`);
  const seconds = await oneByOne(stack.databaseUrl, pricing, names, OBVIOUS_CONNECTIONS);
  const obvious = {
    name: `a transaction per team, ${OBVIOUS_CONNECTIONS} at a time`,
    teams: sample,
    teamsPerSecond: Math.round(sample / seconds),
  };
  progress(`${obvious.name}: ${obvious.teamsPerSecond} teams/s`);

  const quiet = await quietly(ledger);
  const reset = await inWorker(stack, { ledger, reader, pool, pricing }, async (execute) => {
    const memory = watchMemory();
    const beside = bystander(ledger, BYSTANDER);
    const busyBefore = await postgresSeconds(pool);
    const begun = performance.now();
    const result = await execute();
    const took = (performance.now() - begun) / 1000;
    if (result.teams !== teams || result.periodsClosed !== teams) {
      throw new Error(`the reset closed ${result.periodsClosed} periods of ${result.teams} teams`);
    }
    const during = await beside();
    return { took, during, memoryMb: memory(), postgres: (await postgresSeconds(pool)) - busyBefore };
  });
  const teamsPerSecond = Math.round(teams / reset.took);
  progress(`monthlyReset: ${teamsPerSecond} teams/s`);
  return {
    machine: { cpus: cpus().length, node: process.version },
    teams,
    seconds: round(reset.took),
    teamsPerSecond,
    postgresSeconds: round(reset.postgres),
    memoryMb: reset.memoryMb,
    bystander: { quiet, during: reset.during },
    obvious,
    ratio: round(teamsPerSecond / obvious.teamsPerSecond),
    verified: await verified(reader, teams),
  };
}

async function inWorker<T>(
  stack: Stack,
  { ledger, reader, pricing }: Parts,
  work: (execute: () => Promise<MonthlyResetResult>) => Promise<T>,
): Promise<T> {
  const { connection, namespace } = await connectionFromEnv(temporalSettings(stack.env));
  const native = await NativeConnection.connect({ address: stack.temporalAddress });
  const worker = await createFlowCreditsWorker({
    connection: native,
    namespace,
    ledger,
    reader,
    pricing,
    workflowBundle: await bundleWorkflowCode({ workflowsPath: require.resolve('../../src/workflows') }),
  });
  const running = worker.run();
  const client = new Client({ connection, namespace });
  try {
    return await work(() =>
      client.workflow.execute<() => Promise<MonthlyResetResult>>(WORKFLOWS.monthlyReset, {
        taskQueue: TASK_QUEUE,
        workflowId: 'bench-reset',
      }),
    );
  } finally {
    worker.shutdown();
    await running;
    await connection.close();
    await native.close();
  }
}

/** A team that came after the clock was moved: its period goes on. */
async function startBystander(ledger: Ledger): Promise<void> {
  const { team, runId } = BYSTANDER;
  await ledger.submit({
    kind: 'upsertTeam',
    team,
    plan: 'enterprise',
    anchor: '2026-01-01T00:00:00',
    timeZone: 'UTC',
  });
  const amount = credits(1);
  await ledger.submit({
    kind: 'admit',
    team,
    runId,
    workflowId: 'bystander',
    executionId: 'bench',
    flow: 'bench',
    flowHash: 'bench',
    context: { trigger: 'api', location: 'cloud' },
    mode: 'enforce',
    quotes: [
      {
        rateCard: 'postman-2026-03-01',
        inForceFrom: 0,
        requiresCredits: true,
        least: amount,
        likely: amount,
      },
    ],
    limit: null,
  });
}

async function quietly(ledger: Ledger): Promise<BystanderFigures> {
  const stop = bystander(ledger, BYSTANDER);
  await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
  return stop();
}

/** Time that statements took in this database; sessions report it about once a second. */
async function postgresSeconds(pool: Pool): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const { rows } = await pool.query<{ active_time: number }>(
    'SELECT active_time FROM pg_stat_database WHERE datname = current_database()',
  );
  return (rows[0]?.active_time ?? NaN) / 1000;
}

/** Checks the invariants of some teams; throws if one is broken. Gives how many were checked. */
async function verified(reader: LedgerReader, teams: number): Promise<number> {
  let count = 0;
  for (let number = 0; number < teams; number += VERIFIED_EVERY) {
    const team = `team-${number}`;
    const { violations } = await reader.verify({ team });
    if (violations.length > 0) throw new Error(`team "${team}": ${JSON.stringify(violations)}`);
    if ((await reader.statements(team)).length !== 1) throw new Error(`team "${team}" has not one statement`);
    count += 1;
  }
  return count;
}
