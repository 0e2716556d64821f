import { type FlowCreditsClient, type StartRun } from '../../src/client';
import { type Platform } from '../../src/dev/demo/platform';
import { loadPlays, type Play, type Plays } from '../../src/dev/demo/flows';
import { moveClock } from '../../src/ledger';
import { eventually } from '../support/eventually';

/**
 * Teams to look at, made by real runs on a real stack: the ledger's clock is moved from day to day meanwhile.
 * `northwind` has used a month and a half on Enterprise, with a pack, an adjustment and pay-as-you-go; `acme` has run out
 * and runs wait; `hobby` has run out on Free; `fresh` has used nothing.
 */
export const TEAMS = { busy: 'northwind', waiting: 'acme', free: 'hobby', fresh: 'fresh' } as const;

const DAY_MS = 86_400_000;
const ACTOR = 'olga@northwind.example';

type Seeded = Pick<Platform, 'client' | 'pool' | 'reader' | 'api'>;

export async function seedMonth(platform: Seeded, onProgress: (line: string) => void): Promise<void> {
  const { client, pool, reader, api } = platform;
  const plays = loadPlays(api.url);
  const start = await reader.now();
  const anchor = wallTime(start - 12 * DAY_MS);
  await create(client, TEAMS.busy, 'enterprise', anchor, 'Europe/Berlin');
  await client.addCredits(TEAMS.busy, {
    actor: ACTOR,
    credits: '400',
    expiresAt: new Date(start + 90 * DAY_MS).toISOString(),
    note: 'Autumn agreement',
    paid: { amount: '4.00', currency: 'USD', reference: 'INV-2041' },
  });
  for (const plan of ['solo', 'team', 'enterprise'])
    for (const name of ['initech', 'globex', 'umbrella'])
      await create(client, `${name}-${plan}`, plan, anchor, 'America/New_York');
  for (let day = 0; day < DAYS; day += 1) {
    onProgress(`day ${String(day + 1)} of ${String(DAYS)}`);
    await aDay(client, plays, day);
    await moveClock(pool, DAY_MS);
  }
  await client.adjustCredits(TEAMS.busy, {
    actor: 'ops@platform.example',
    credits: '40',
    reason: 'Outage on the 3rd',
  });
  await client.setPayAsYouGo(TEAMS.busy, { actor: ACTOR, enabled: true, capUsd: '25' });
  await untilItDraws(client, plays);
  const now = wallTime((await reader.now()) - 9 * DAY_MS);
  await create(client, TEAMS.waiting, 'team', now, 'Europe/Berlin');
  await create(client, TEAMS.free, 'free', now, 'Asia/Tokyo');
  await create(client, TEAMS.fresh, 'solo', now, 'UTC');
  await Promise.all([runOut(client, plays, TEAMS.waiting, 12), runOut(client, plays, TEAMS.free, 3)]);
  api.holdBack('/steps/4');
  await start3(client, plays.eightRequests);
  await eventually(() => api.heldBack() >= 3);
}

const DAYS = 37;

/** Some more on some days, none on Sundays. */
async function aDay(client: FlowCreditsClient, plays: Plays, day: number): Promise<void> {
  if (day % 7 === 3) return;
  const busy = (day * 7) % 5;
  const plan: [Play, StartRun['trigger']][] = [
    [plays.onboarding, 'webhook'],
    [plays.smallOrder, 'api'],
    ...(busy > 1 ? ([[plays.eightRequests, 'schedule']] as [Play, 'schedule'][]) : []),
    ...(busy > 3 ? ([[plays.largeOrder, 'api']] as [Play, 'api'][]) : []),
    ...(day % 9 === 5 ? ([[plays.agent, 'mcp']] as [Play, 'mcp'][]) : []),
  ];
  await Promise.all(plan.map(([play, trigger]) => runOne(client, TEAMS.busy, play, trigger)));
}

async function runOne(
  client: FlowCreditsClient,
  team: string,
  { flow, input }: Play,
  trigger: StartRun['trigger'],
): Promise<void> {
  const run = await client.startRun({ team, flow, input, trigger, wait: 'admission' });
  if (run.admission?.status !== 'admitted')
    throw new Error(`${flow.name} of ${team}: ${JSON.stringify(run.admission)}`);
  await run.result();
}

async function untilItDraws(client: FlowCreditsClient, plays: Plays): Promise<void> {
  await eventually(
    async () => {
      await runOne(client, TEAMS.busy, plays.agent, 'mcp');
      const team = await client.team(TEAMS.busy);
      return team !== null && team.payg.charged > 20_000n;
    },
    { timeoutMs: 300_000 },
  );
}

/** Runs until nothing is left; then so many that wait. */
async function runOut(client: FlowCreditsClient, plays: Plays, team: string, waiting: number): Promise<void> {
  const { flow, input } = plays.eightRequests;
  for (let still = 0; still < waiting;) {
    const play = still % 3 === 1 ? plays.onboarding : { flow, input };
    const run = await client.startRun({
      team,
      ...play,
      trigger: still % 2 === 0 ? 'api' : 'schedule',
      wait: 'admission',
    });
    if (run.admission?.status === 'waiting') still += 1;
    else await run.result();
  }
}

async function start3(client: FlowCreditsClient, { flow, input }: Play): Promise<void> {
  for (let run = 0; run < 3; run += 1)
    await client.startRun({ team: TEAMS.busy, flow, input, trigger: 'api', wait: 'admission' });
}

async function create(
  client: FlowCreditsClient,
  team: string,
  plan: string,
  anchor: string,
  timeZone: string,
): Promise<void> {
  const answer = await client.upsertTeam(team, { plan, anchor, timeZone });
  if (answer.status === 'refused') throw new Error(answer.message);
}

function wallTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, 10)}T00:00:00`;
}
