import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { WORKFLOWS } from '../../../src/contracts/names';
import { BREAKS, COMMANDS } from './acts';
import { Dice } from './dice';
import { KILLED, reportOn, type Report } from './findings';
import { World } from './world';

const USAGE = `npm run chaos -- [--minutes N] [--seed N] [--kill TEXT] [--json]

Runs flows of three teams on servers of its own, and all the while kills workers, Postgres and Temporal, moves the clock
over month ends, changes plans and money, cancels and terminates. Then it lets everything end and holds each run against
its charges and the ledger against its invariants. Ends with status 1 where something does not hold.

  --minutes N  how long things break (2)
  --seed N     the acts and their order; when they meet is chance all the same (drawn, and told)
  --kill TEXT  of what can be killed only what has this in its name (${Object.keys(BREAKS).join('; ')})
  --json       the report as JSON on standard output; progress is on standard error`;

/** At once, and with so much time between two of one hand. */
const STARTERS = { hands: 6, least: 0, most: 500 };
const COMMANDERS = { hands: 2, least: 500, most: 4_000 };
const BREAKERS = { hands: 1, least: 4_000, most: 10_000 };
const END_MS = 15 * 60_000;
const RECONCILE_EVERY_MS = 15_000;

async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: 'string', default: '2' },
      seed: { type: 'string' },
      kill: { type: 'string', default: '' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const minutes = numberOf('--minutes', values.minutes);
  const seed = values.seed === undefined ? Math.trunc(Math.random() * 1e9) : numberOf('--seed', values.seed);
  const victims = Object.keys(BREAKS).filter((name) =>
    name.toLowerCase().includes(values.kill.toLowerCase()),
  );
  if (victims.length === 0) throw new Error(`--kill "${values.kill}" is in no name\n\n${USAGE}`);
  const begun = performance.now();
  const say = (line: string): void => {
    const seconds = ((performance.now() - begun) / 1000).toFixed(0);
    process.stderr.write(`${seconds.padStart(4)} s  ${line}\n`);
  };

  say(`seed ${String(seed)}`);
  const world = await World.open(say);
  try {
    await live(world, { seed, milliseconds: minutes * 60_000, victims });
    world.tell('nothing breaks any more; everything may end');
    await settle(world, say);
    const seconds = Math.round((performance.now() - begun) / 1000);
    const report = await reportOn(world, { seed, seconds });
    process.stdout.write(values.json ? `${JSON.stringify(report, null, 2)}\n` : asText(report));
    return report.findings.length > 0 ? 1 : 0;
  } finally {
    await world.close();
  }
}

function numberOf(option: string, text: string): number {
  const number = Number(text);
  if (!(number >= 0)) throw new Error(`${option} takes a number, not "${text}"\n\n${USAGE}`);
  return number;
}

/** All hands at work, each with dice of its own: what one throws does not depend on how fast another is. */
async function live(
  world: World,
  { seed, milliseconds, victims }: { seed: number; milliseconds: number; victims: readonly string[] },
): Promise<void> {
  const end = Date.now() + milliseconds;
  let hands = 0;
  const work = async (
    { hands: many, least, most }: typeof STARTERS,
    act: (dice: Dice) => Promise<unknown>,
  ): Promise<void> => {
    const all = Array.from({ length: many }, async () => {
      const dice = new Dice(seed + (hands += 1));
      while (Date.now() < end) {
        await delay(dice.number(least, most));
        await act(dice);
      }
    });
    await Promise.all(all);
  };
  await Promise.all([
    work(STARTERS, (dice) => world.startRun(dice)),
    work(COMMANDERS, async (dice) => {
      const what = dice.one(Object.keys(COMMANDS));
      const attempt = COMMANDS[what]?.(world, dice) ?? null;
      if (attempt !== null) await world.insist(what, attempt);
    }),
    work(BREAKERS, async (dice) => {
      const what = dice.one(victims);
      world.tell(`${KILLED}${what}`);
      await world.insist(`${KILLED}${what}`, async () => BREAKS[what]?.(world));
    }),
  ]);
}

/** Gives every team as much as it needs and waits until nothing is under way. */
async function settle(world: World, say: (line: string) => void): Promise<void> {
  const { client, reader } = world.own.platform;
  for (const team of world.teams) {
    const [first, second] = [world.by(), world.by()];
    await world.insist('plan', () => client.changePlan(team, { ...first, plan: 'enterprise' }));
    await world.insist('pay-as-you-go on', () =>
      client.setPayAsYouGo(team, { ...second, enabled: true, uncapped: true }),
    );
  }
  const deadline = Date.now() + END_MS;
  let reconciled = 0;
  for (;;) {
    // As its schedule does, though less often: it finds the runs that were terminated.
    if (Date.now() - reconciled > RECONCILE_EVERY_MS) {
      await world.insist('reconcile', () => world.execute(WORKFLOWS.reconcile));
      reconciled = Date.now();
      say(`${String(await openRuns(world))} runs have not ended`);
    }
    const waiting = await Promise.all(world.teams.map(async (team) => (await reader.team(team))?.waiting));
    if (waiting.every((count) => count === 0) && (await openRuns(world)) === 0) return;
    if (Date.now() > deadline) {
      world.troubles.push(
        `runs have not ended ${String(END_MS / 60_000)} minutes after the last thing broke`,
      );
      return;
    }
    await delay(1_000);
  }
}

async function openRuns(world: World): Promise<number> {
  const { reader } = world.own.platform;
  const open = world.teams.map((team) => reader.runs(team, { status: 'admitted', limit: 10_000 }));
  return (await Promise.all(open)).flat().length;
}

function asText({ findings, done, ...figures }: Report): string {
  const rows = Object.entries({ ...figures, ...done }).map(
    ([name, value]) => `${name.padEnd(28)}${String(value).padStart(8)}`,
  );
  const verdict = findings.length === 0 ? ['everything holds'] : findings.map((one) => `FOUND: ${one}`);
  return `${[...rows, '', ...verdict].join('\n')}\n`;
}

main(process.argv.slice(2)).then(
  (status) => process.exit(status),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  },
);
