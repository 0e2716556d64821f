import { type FlowCreditsClient, type StartRun } from '../../src/client';
import { type Platform } from '../../src/dev/demo/platform';
import { loadPlays, type Play, type Plays } from '../../src/dev/demo/flows';
import { moveClock } from '../../src/ledger';

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
    credits: '150',
    expiresAt: new Date(start + 90 * DAY_MS).toISOString(),
    note: 'Autumn agreement',
    paid: { amount: '1.50', currency: 'USD', reference: 'INV-2041' },
  });
  await client.setPayAsYouGo(TEAMS.busy, { actor: ACTOR, enabled: true, capUsd: '25' });
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
  await untilItDraws(client, plays);
  const now = wallTime((await reader.now()) - 9 * DAY_MS);
  await create(client, TEAMS.waiting, 'team', now, 'Europe/Berlin');
  await create(client, TEAMS.free, 'free', now, 'Asia/Tokyo');
  await create(client, TEAMS.fresh, 'solo', now, 'UTC');
  await Promise.all([runOut(client, plays, TEAMS.waiting, 12), runOut(client, plays, TEAMS.free, 3)]);
  for (const trigger of ['api', 'schedule', 'webhook'] as const)
    await client.startRun({ team: TEAMS.busy, ...stays(plays.eightRequests), trigger, wait: 'admission' });
}

const DAYS = 37;

/** About forty credits a day: more on some, less at weekends. */
async function aDay(client: FlowCreditsClient, plays: Plays, day: number): Promise<void> {
  const weekend = day % 7 > 4;
  const plan: readonly (readonly [number, Play, StartRun['trigger']])[] = [
    [weekend ? 1 : 3, plays.onboarding, 'webhook'],
    [weekend ? 0 : 2, plays.smallOrder, 'api'],
    [weekend ? 0 : (day * 7) % 3, plays.eightRequests, 'schedule'],
    [day % 4 === 2 ? 1 : 0, plays.largeOrder, 'api'],
    [day % 3 === 1 ? 2 : 0, plays.agent, 'mcp'],
  ];
  await Promise.all(
    plan.flatMap(([times, play, trigger]) =>
      Array.from({ length: times }, () => runOne(client, TEAMS.busy, play, trigger)),
    ),
  );
}

async function runOne(
  client: FlowCreditsClient,
  team: string,
  { flow, input }: Play,
  trigger: StartRun['trigger'],
): Promise<void> {
  // What is left may be held by another run of the day: it waits a moment then.
  const run = await client.startRun({ team, flow, input, trigger, wait: 'admission' });
  await run.result();
}

/** The last day: what is left is used up, and a little of pay-as-you-go. */
async function untilItDraws(client: FlowCreditsClient, plays: Plays): Promise<void> {
  for (;;) {
    const team = await client.team(TEAMS.busy);
    if (team !== null && team.payg.charged > 20_000n) return;
    await Promise.all(
      Array.from({ length: 4 }, () => runOne(client, TEAMS.busy, plays.eightRequests, 'schedule')),
    );
  }
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

/** A run that stays under way: it waits for an hour half-way. */
function stays({ flow, input }: Play): Play {
  return {
    input,
    flow: {
      ...flow,
      blocks: [...flow.blocks, { id: 'hour', type: 'delay', config: { duration: 'PT1H' } }],
      connections: [...flow.connections, { from: 'start', to: 'hour' }, { from: 'hour', to: 'step5' }],
    },
  };
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
