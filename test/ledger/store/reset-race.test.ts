import { beforeAll, describe, expect, it } from '@jest/globals';
import { credits } from '../../../src/contracts/millicredits';
import { microUsd } from '../../../src/contracts/money';
import { moveClock, type CommittedBatch, type Ledger } from '../../../src/ledger';
import { type Operation, type ResultOf } from '../../../src/ledger/core/operations';
import { openReader, type LedgerReader } from '../../../src/ledger/read';
import { testDatabase, type TestDatabase } from '../../support';
import { TEST_RULES } from '../core/rules';
import { comparable, replay } from './replay';
import { admitting, committing, newTeam, openTestLedger, reserving } from './scene';
import { teamRows } from './team-rows';

const ROUNDS = 100;
const RUNS = 100;
/** So many ask before the reset, the others while it happens. */
const EARLY = 60;
const LEDGERS = 4;
const PLANS = ['solo', 'team', 'enterprise', 'free'] as const;

let database: TestDatabase;
let reader: LedgerReader;
let ledgers: readonly Ledger[];
let batches: CommittedBatch[] = [];
let answers = 0;
let moment: { readonly answers: number; readonly reached: () => void } = {
  answers: NaN,
  reached: () => undefined,
};

beforeAll(async () => {
  database = await testDatabase();
  reader = openReader(database.pool, TEST_RULES);
  ledgers = await Promise.all(
    Array.from({ length: LEDGERS }, () =>
      openTestLedger(database.url, { timeoutMs: 60_000, onBatch: (batch) => batches.push(batch) }),
    ),
  );
});

/** By one of the processes. */
async function submit<O extends Operation>(by: number, operation: O): Promise<ResultOf<O>> {
  const ledger = ledgers[by % LEDGERS];
  if (ledger === undefined) throw new Error('there are ledgers');
  const answer = await ledger.submit(operation);
  answers += 1;
  if (answers === moment.answers) moment.reached();
  return answer;
}

/** So many answers from now on, whoever gets them. */
function afterAnswers(count: number): Promise<void> {
  return new Promise((reached) => {
    moment = { answers: answers + count, reached };
  });
}

/** One after the other, as an operator does; what is refused is refused. */
async function operator(by: number, commands: readonly Operation[]): Promise<void> {
  for (const command of commands) await submit(by, command);
}

function commandsOf(team: string, actor: string): { team: string; actor: string; requestId: string }[] {
  return Array.from({ length: 5 }, (_, index) => ({ team, actor, requestId: `${actor}-${index}` }));
}

function olga(team: string): readonly Operation[] {
  return commandsOf(team, 'olga').map((command, index): Operation => {
    if (index === 1) return { kind: 'adjustCredits', ...command, amount: credits(3), reason: 'goodwill' };
    if (index === 2) return { kind: 'changePlan', ...command, plan: 'team' };
    const enabled = index !== 3;
    return { kind: 'setPayg', ...command, enabled, cap: enabled ? microUsd(20_000) : null };
  });
}

function otto(team: string): readonly Operation[] {
  return commandsOf(team, 'otto').map((command, index): Operation => {
    if (index === 0) {
      return { kind: 'addCredits', ...command, amount: credits(7), expiresAt: null, note: null };
    }
    if (index === 3) return { kind: 'adjustCredits', ...command, amount: credits(-1), reason: 'too much' };
    if (index === 4) return { kind: 'setPayg', ...command, enabled: true, cap: microUsd(50_000) };
    return { kind: 'changePlan', ...command, plan: index === 1 ? 'solo' : 'enterprise' };
  });
}

/** A run asks; if it may go it uses two blocks and ends. */
async function run(by: number, team: string, runId: string): Promise<void> {
  if ((await submit(by, admitting(team, runId, 2))).status !== 'admitted') return;
  await submit(by, reserving(team, runId, 'a'));
  await submit(by + 1, committing(team, runId, 'a'));
  await submit(by + 2, committing(team, runId, 'b', 2));
  if (by % 3 > 0) await submit(by + 3, { kind: 'close', team, runId, reason: 'completed' });
}

/** Lets waiting runs go as their keeper does, a window at a time. */
async function keeper(by: number, team: string): Promise<void> {
  for (let page = 0; page < 4; page += 1) {
    const window = { size: 8, patienceMs: 1_000 };
    const released = await submit(by, { kind: 'release', team, most: 20, window });
    if (released.status !== 'released') return;
    const runIds = released.runs.map(({ runId }) => runId);
    await submit(by + 1, { kind: 'told', team, runIds });
    await Promise.all(runIds.map((runId) => submit(by, { kind: 'close', team, runId, reason: 'completed' })));
  }
}

/** Gives how many entries were written in the race, before the reset and after it. */
async function round(number: number): Promise<{ readonly before: number; readonly after: number }> {
  const team = `team-${number}`;
  const plan = PLANS[number % PLANS.length] ?? 'solo';
  await submit(number, newTeam(team, plan));
  const runs = Array.from({ length: RUNS }, (_, index) => `run-${index}`);
  await Promise.all(runs.slice(0, EARLY).map((runId, index) => submit(index, admitting(team, runId, 1))));
  const overview = await reader.team(team);
  if (overview === null) throw new Error('the team is there');
  const begun = (await teamRows(database.pool, team)).team.nextEntry;

  await Promise.all([
    operator(number, olga(team)),
    operator(number + 1, otto(team)),
    ...runs.slice(0, RUNS / 2).map((runId, index) => run(index, team, runId)),
    // The very moment, in another round another one (each run asks, so there are so many answers): what comes after it
    // meets an ended period, whoever is first.
    afterAnswers(5 + ((number * 37) % 100)).then(() =>
      moveClock(database.pool, Math.max(0, overview.period.end - overview.at)),
    ),
    submit(number + 2, { kind: 'touch', team }),
    submit(number + 3, { kind: 'touch', team }),
    keeper(number, team),
    keeper(number + 2, team),
    ...runs.slice(RUNS / 2).map((runId, index) => run(index, team, runId)),
  ]);
  await submit(number, { kind: 'touch', team });

  const rows = await teamRows(database.pool, team);
  expect(rows.statements.map(({ period }) => period.index)).toEqual([overview.period.index]);
  expect(rows.team.period.index).toBe(overview.period.index + 1);
  expect((await reader.verify({ team })).violations).toEqual([]);
  const predicted = replay(batches, TEST_RULES).get(team);
  if (predicted === undefined) throw new Error('the batches are of this team');
  expect(comparable(rows)).toEqual(comparable(predicted));
  batches = [];
  const raced = rows.entries.filter(({ seq }) => seq >= begun);
  const before = raced.filter(({ period }) => period === overview.period.index).length;
  return { before, after: raced.length - before };
}

describe('two operators, two schedules, lazy rollovers, keepers and a hundred runs at the moment of the reset', () => {
  it('a hundred times over: one statement each, every invariant holds, and the core predicts every row', async () => {
    const entries = { before: 0, after: 0 };
    for (let number = 0; number < ROUNDS; number += 1) {
      const { before, after } = await round(number);
      entries.before += before;
      entries.after += after;
    }
    // It was a race: the reset came in the middle.
    expect(entries.before).toBeGreaterThan(10 * ROUNDS);
    expect(entries.after).toBeGreaterThan(10 * ROUNDS);
  }, 300_000);
});
