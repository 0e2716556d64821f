import { type FlowCreditsClient, type StartedRun } from '../../src/client';
import { type FlowInput } from '../../src/contracts/flow';
import { type LedgerReader } from '../../src/ledger/read';
import { inTurn } from './in-turn';

const ACTOR = 'bench';
const STARTS_AT_ONCE = 50;
/** A fresh run of another team every so often, while the release goes on. */
const FRESH_EVERY_MS = 500;
const IDLE_RUNS = 10;
const LOOK_EVERY_MS = 50;

export interface ReleaseFigures {
  readonly name: string;
  readonly waiting: number;
  /** From the operator's command until the last of them was told. */
  readonly releasedPerSecond: number;
  /** Until the last of them had completed. */
  readonly completedPerSecond: number;
  /** A fresh run of another team, from its start to its end. */
  readonly freshIdleP50Ms: number;
  readonly freshP50Ms: number;
  readonly freshWorstMs: number;
}

export interface Scene {
  readonly client: FlowCreditsClient;
  readonly reader: LedgerReader;
  readonly flow: FlowInput;
}

/** Lets a team's waiting runs go by pay-as-you-go, and looks how another team's fresh runs fare meanwhile. */
export async function release(
  name: string,
  { client, reader, flow }: Scene,
  waiting: number,
): Promise<ReleaseFigures> {
  const crowd = `${name}-crowd`;
  const other = `${name}-other`;
  await dry(client, crowd);
  await client.upsertTeam(other, { plan: 'enterprise', anchor: '2026-01-01T00:00' });
  const fresh = async (): Promise<number> => {
    const begun = performance.now();
    const run = await client.startRun({ team: other, flow, trigger: 'api' });
    await run.result();
    return performance.now() - begun;
  };
  const idle: number[] = [];
  for (let n = 0; n < IDLE_RUNS; n += 1) idle.push(await fresh());

  const runs = await inTurn(waiting, STARTS_AT_ONCE, () =>
    client.startRun({ team: crowd, flow, trigger: 'api' }),
  );
  await until(async () => (await reader.team(crowd))?.waiting === waiting);

  const begun = performance.now();
  await client.setPayAsYouGo(crowd, { actor: ACTOR, enabled: true, uncapped: true });
  const told = until(async () => {
    const line = await reader.team(crowd);
    return line?.waiting === 0 && (await reader.untold(crowd, 1)).length === 0;
  }).then(() => performance.now() - begun);
  const { latencies, completed } = await freshWhile(fresh, runs, begun);
  return {
    name,
    waiting,
    releasedPerSecond: (waiting * 1000) / (await told),
    completedPerSecond: (waiting * 1000) / completed,
    freshIdleP50Ms: quantile(idle, 0.5),
    freshP50Ms: quantile(latencies, 0.5),
    freshWorstMs: Math.max(...latencies),
  };
}

async function freshWhile(
  fresh: () => Promise<number>,
  runs: readonly StartedRun[],
  begun: number,
): Promise<{ latencies: readonly number[]; completed: number }> {
  const release = { over: false };
  const done = Promise.all(runs.map((run) => run.result())).then(() => {
    release.over = true;
    return performance.now() - begun;
  });
  const started: Promise<number>[] = [];
  while (!release.over) {
    started.push(fresh());
    await pause(FRESH_EVERY_MS);
  }
  return { latencies: await Promise.all(started), completed: await done };
}

/** A team on a plan with pay-as-you-go that has nothing left. */
async function dry(client: FlowCreditsClient, team: string): Promise<void> {
  await client.upsertTeam(team, { plan: 'solo', anchor: '2026-01-01T00:00' });
  const answer = await client.adjustCredits(team, { actor: ACTOR, credits: '-50', reason: 'nothing left' });
  if (answer.status !== 'done') throw new Error(answer.message);
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await pause(LOOK_EVERY_MS);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}

function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? NaN;
}
