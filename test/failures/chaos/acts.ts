import { setTimeout as delay } from 'node:timers/promises';
import { moveClock } from '../../../src/ledger';
import { WORKFLOWS } from '../../../src/contracts/names';
import { type Dice } from './dice';
import { ACTOR, type World } from './world';

type Act = (world: World, dice: Dice) => Promise<unknown>;

const DAY_MS = 24 * 60 * 60 * 1000;
/** Longer than a worker waits for its ledger before a block goes on without it. */
const LONG_OUTAGE_MS = 7_000;
/** The latest of so many runs is disturbed: most of them are under way or wait. */
const LATEST = 30;

const command = (world: World): { requestId: string; actor: string } => ({
  requestId: world.name('command'),
  actor: ACTOR,
});

/** What operators, schedules and impatient users do. Each is repeated, with one request id, until it has an answer. */
export const COMMANDS: Readonly<Record<string, Act>> = {
  'pay-as-you-go on': (world, dice) => {
    const [team, by] = [dice.one(world.teams), command(world)];
    const { client } = world.own.platform;
    const cap = (dice.number(1, 20) / 100).toFixed(2);
    return world.insist('pay-as-you-go on', () =>
      client.setPayAsYouGo(team, { ...by, enabled: true, capUsd: cap }),
    );
  },
  'pay-as-you-go off': (world, dice) => {
    const [team, by] = [dice.one(world.teams), command(world)];
    const { client } = world.own.platform;
    return world.insist('pay-as-you-go off', () => client.setPayAsYouGo(team, { ...by, enabled: false }));
  },
  adjustment: (world, dice) => {
    const [team, by, credits] = [dice.one(world.teams), command(world), String(dice.number(-20, 100))];
    const { client } = world.own.platform;
    return world.insist('adjustment', () => client.adjustCredits(team, { ...by, credits, reason: ACTOR }));
  },
  pack: (world, dice) => {
    const [team, by, credits] = [dice.one(world.teams), command(world), String(dice.number(1, 100))];
    const { client } = world.own.platform;
    return world.insist('pack', () => client.addCredits(team, { ...by, credits }));
  },
  plan: (world, dice) => {
    const [team, by] = [dice.one(world.teams), command(world)];
    const plan = dice.one(['free', 'solo', 'team', 'enterprise']);
    const { client } = world.own.platform;
    return world.insist('plan', () => client.changePlan(team, { ...by, plan }));
  },
  'clock moved': (world, dice) => {
    const milliseconds = dice.number(0, 9 * DAY_MS);
    return world.insist('clock moved', () => moveClock(world.own.platform.pool, milliseconds));
  },
  reset: (world) => world.insist('reset', () => world.execute(WORKFLOWS.monthlyReset)),
  reconcile: (world) => world.insist('reconcile', () => world.execute(WORKFLOWS.reconcile)),
  cancel: (world, dice) => disturb(world, dice, 'cancel'),
  terminate: (world, dice) => disturb(world, dice, 'terminate'),
};

async function disturb(world: World, dice: Dice, how: 'cancel' | 'terminate'): Promise<void> {
  const run = world.runs.at(-dice.number(1, LATEST));
  if (run === undefined) return;
  run.disturbed = true;
  const handle = world.own.platform.temporal.workflow.getHandle(run.workflowId);
  await world.insist(how, async () => {
    // One that has ended needs no disturbing.
    if ((await handle.describe()).status.name !== 'RUNNING') return;
    await (how === 'cancel' ? handle.cancel() : handle.terminate(ACTOR));
  });
}

/** What breaks, by SIGKILL but where it says cleanly; it is back when the promise resolves. */
export const BREAKS: Readonly<Record<string, Act>> = {
  'a worker': (world) => world.replaceWorker(),
  'all workers': async (world) => {
    await world.killWorkers();
    await world.startWorkers();
  },
  Postgres: async ({ own: { postgres } }) => {
    await postgres.kill();
    await postgres.start();
  },
  'Postgres, cleanly': async ({ own: { postgres } }) => {
    await postgres.halt();
    await postgres.start();
  },
  'Postgres, for long': async ({ own: { postgres } }) => {
    await postgres.kill();
    await delay(LONG_OUTAGE_MS);
    await postgres.start();
  },
  Temporal: async ({ own: { temporal } }) => {
    await temporal.kill();
    await temporal.start();
  },
  everything: async (world) => {
    const { postgres, temporal } = world.own;
    await Promise.all([world.killWorkers(), postgres.kill(), temporal.kill()]);
    await Promise.all([postgres.start(), temporal.start()]);
    await world.startWorkers();
  },
};
