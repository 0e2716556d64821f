import { setTimeout as delay } from 'node:timers/promises';
import { moveClock } from '../../../src/ledger';
import { WORKFLOWS } from '../../../src/contracts/names';
import { type Dice } from './dice';
import { type World } from './world';

/** One attempt, to be repeated until it has an answer. */
type Attempt = () => Promise<unknown>;

const DAY_MS = 24 * 60 * 60 * 1000;
/** Longer than a worker waits for its ledger before a block goes on without it. */
const LONG_OUTAGE_MS = 7_000;
/** The latest of so many runs is disturbed: most of them are under way or wait. */
const LATEST = 30;

/** What operators, schedules and impatient users do: whatever is drawn is drawn once, also the request id. Null: nothing to do. */
export const COMMANDS: Readonly<Record<string, (world: World, dice: Dice) => Attempt | null>> = {
  'pay-as-you-go on': (world, dice) => {
    const [team, by] = [dice.one(world.teams), world.by()];
    const capUsd = (dice.number(1, 20) / 100).toFixed(2);
    return () => world.own.platform.client.setPayAsYouGo(team, { ...by, enabled: true, capUsd });
  },
  'pay-as-you-go off': (world, dice) => {
    const [team, by] = [dice.one(world.teams), world.by()];
    return () => world.own.platform.client.setPayAsYouGo(team, { ...by, enabled: false });
  },
  adjustment: (world, dice) => {
    const [team, by, credits] = [dice.one(world.teams), world.by(), String(dice.number(-20, 100))];
    return () => world.own.platform.client.adjustCredits(team, { ...by, credits, reason: 'chaos' });
  },
  pack: (world, dice) => {
    const [team, by, credits] = [dice.one(world.teams), world.by(), String(dice.number(1, 100))];
    return () => world.own.platform.client.addCredits(team, { ...by, credits });
  },
  plan: (world, dice) => {
    const [team, by] = [dice.one(world.teams), world.by()];
    const plan = dice.one(['free', 'solo', 'team', 'enterprise']);
    return () => world.own.platform.client.changePlan(team, { ...by, plan });
  },
  'clock moved': (world, dice) => {
    const milliseconds = dice.number(0, 9 * DAY_MS);
    return () => moveClock(world.own.platform.pool, milliseconds);
  },
  reset: (world) => () => world.execute(WORKFLOWS.monthlyReset),
  reconcile: (world) => () => world.execute(WORKFLOWS.reconcile),
  cancel: (world, dice) => disturbing(world, dice, 'cancel'),
  terminate: (world, dice) => disturbing(world, dice, 'terminate'),
};

function disturbing(world: World, dice: Dice, how: 'cancel' | 'terminate'): Attempt | null {
  const run = world.runs.at(-dice.number(1, LATEST));
  if (run === undefined) return null;
  run.disturbed = true;
  const handle = world.own.platform.temporal.workflow.getHandle(run.workflowId);
  return async () => {
    // One that has ended needs no disturbing.
    if ((await handle.describe()).status.name !== 'RUNNING') return;
    await (how === 'cancel' ? handle.cancel() : handle.terminate('chaos'));
  };
}

/** What breaks, by SIGKILL but where it says cleanly; it is back when the promise resolves. */
export const BREAKS: Readonly<Record<string, (world: World) => Promise<void>>> = {
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
