import fc from 'fast-check';
import { type Millicredits } from '../../../src/contracts/millicredits';
import { microUsd } from '../../../src/contracts/money';
import { type Instant } from '../../../src/contracts/time';
import { type Admit, type Operation, type Quote, type UpsertTeam } from '../../../src/ledger/core/operations';
import { type ChargeDetail, type TeamStatus } from '../../../src/ledger/core/types';
import { mc } from './rules';

/**
 * Random operations over several teams, plans, zones and months, without looking at any state: the core and the store
 * are driven by the same ones. Ids come from small pools, so that operations meet.
 */
export interface Step {
  /** How far the clock moves before the operation. */
  readonly waitMs: number;
  readonly operation: Operation;
}

export interface Shape {
  readonly teams?: number;
  /** Runs a team has at most. */
  readonly runs?: number;
  /** Of one to seven operations each. */
  readonly phrases?: number;
}

/** The clock of a random history starts here: a DST weekend is near in Europe, and the older card's end behind it. */
export const START: Instant = Date.parse('2026-03-20T12:00:00Z');

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Each team has its own plan, anchor and zone: the 31st, leap day, DST, half-hour offsets, an anchor ahead. */
const TEAMS: readonly UpsertTeam[] = [
  {
    kind: 'upsertTeam',
    team: 'ada',
    plan: 'solo',
    anchor: '2026-01-31T09:00:00',
    timeZone: 'America/New_York',
    overdraftPolicy: 'carry',
  },
  {
    kind: 'upsertTeam',
    team: 'bea',
    plan: 'enterprise',
    anchor: '2025-12-29T02:30:00',
    timeZone: 'Europe/Amsterdam',
    overdraftPolicy: 'carry',
    openingBalance: mc(7_500),
  },
  { kind: 'upsertTeam', team: 'cid', plan: 'free', anchor: '2024-02-29T00:00:00', timeZone: 'Asia/Kolkata' },
  {
    kind: 'upsertTeam',
    team: 'dot',
    plan: 'team',
    anchor: '2026-04-15T00:00:00',
    timeZone: 'Pacific/Chatham',
    overdraftPolicy: 'carry',
    runLimit: mc(90_000),
  },
];

const PLAN_NAMES = ['free', 'solo', 'team', 'enterprise'] as const;

/** Mostly active: little happens in a suspended team, and a closed one stays so. */
const STATUSES: readonly TeamStatus[] = [
  ...Array.from({ length: 8 }, () => 'active' as const),
  'suspended',
  'suspended',
  'closed',
];

/** A detail whose lines add up, as pricing makes them. */
export function detailOf(amount: Millicredits): ChargeDetail {
  const text = amount.toString();
  const line = {
    what: 'test block',
    quantity: '1',
    unitMillicredits: text,
    millicredits: text,
    row: 'blocks.test',
    provenance: 'assumed',
  } as const;
  return { type: 'test', lines: [line], usage: {} };
}

const some = (...amounts: readonly number[]): fc.Arbitrary<Millicredits> =>
  fc.constantFrom(...amounts).map(mc);
const price = fc.oneof(
  { weight: 4, arbitrary: some(0, 1, 500, 1_000, 2_000, 5_000, 15_000, 40_000) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 120_000 }).map(mc) },
);

const waitMs = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom(0, 0, 1, 1_000) },
  { weight: 4, arbitrary: fc.integer({ min: 1, max: DAY }) },
  { weight: 3, arbitrary: fc.integer({ min: DAY, max: 12 * DAY }) },
  { weight: 1, arbitrary: fc.integer({ min: 25 * DAY, max: 110 * DAY }) },
);

/** Two cards; the second starts within most histories. */
function quotes(least: Millicredits, requiresCredits: boolean): readonly Quote[] {
  return [
    { rateCard: 'old', inForceFrom: 0, requiresCredits: true, least },
    {
      rateCard: 'new',
      inForceFrom: START + 3 * DAY,
      requiresCredits,
      least: requiresCredits ? least : mc(0),
    },
  ];
}

interface Pools {
  readonly team: string;
  readonly runId: fc.Arbitrary<string>;
  readonly key: fc.Arbitrary<string>;
  readonly command: fc.Arbitrary<{ requestId: string; actor: string }>;
}

function poolsOf(team: string, runs: number): Pools {
  return {
    team,
    runId: fc.integer({ min: 0, max: runs - 1 }).map((n) => `${team}-r${n}`),
    key: fc.constantFrom('a', 'b', 'loop[0]/a', '__proto__'),
    command: fc.record({
      // Mostly a new one; now and then one that was used, with another payload.
      requestId: fc.integer({ min: 0, max: 200 }).map((n) => `${team}-q${n}`),
      actor: fc.constantFrom('olga', 'otto'),
    }),
  };
}

function admits({ team, runId }: Pools): fc.Arbitrary<Admit> {
  return fc
    .record({
      runId,
      least: price,
      requiresCredits: fc.oneof({ weight: 9, arbitrary: fc.constant(true) }, fc.constant(false)),
      mode: fc.constantFrom<Admit['mode']>('enforce', 'enforce', 'enforce', 'enforce', 'enforce', 'observe'),
      limit: fc.option(some(3_000, 30_000, 100_000), { freq: 6 }),
    })
    .map(({ runId: id, least, requiresCredits, mode, limit }) => ({
      kind: 'admit',
      team,
      runId: id,
      workflowId: `w-${id}`,
      executionId: `e-${id}`,
      flow: 'a flow',
      flowHash: 'hash',
      context: { trigger: 'api', location: 'cloud' },
      mode,
      quotes: quotes(least, requiresCredits),
      limit,
    }));
}

/** A run's whole way, or the beginning of it: what random single operations rarely put together. */
function wayOfARun(pools: Pools): fc.Arbitrary<readonly Operation[]> {
  const { team, key } = pools;
  const block = fc.record({ key, reserved: price, used: price });
  return fc
    .record({
      admit: admits(pools),
      blocks: fc.array(block, { minLength: 1, maxLength: 3, size: 'max' }),
      closed: fc.boolean(),
    })
    .map(({ admit, blocks, closed }) => {
      const { runId } = admit;
      return [
        admit,
        ...blocks.flatMap(({ key: at, reserved, used }): Operation[] => [
          { kind: 'reserve', team, runId, key: at, amount: reserved },
          { kind: 'commit', team, runId, key: at, amount: used, detail: detailOf(used) },
        ]),
        ...(closed ? [{ kind: 'close', team, runId, reason: 'completed' } as const] : []),
      ];
    });
}

/** Pay-as-you-go on an eligible plan, and a large run that uses it. */
function paygAndLargeRun(pools: Pools): fc.Arbitrary<readonly Operation[]> {
  const { team, command } = pools;
  return fc
    .record({
      command,
      cap: fc.option(some(20_000, 70_000)),
      admit: admits(pools),
      used: some(30_000, 70_000, 120_000),
    })
    .map(({ command: by, cap, admit, used }) => [
      { kind: 'setPayg', team, enabled: true, cap: cap === null ? null : microUsd(cap), ...by },
      admit,
      { kind: 'commit', team, runId: admit.runId, key: 'large', amount: used, detail: detailOf(used) },
    ]);
}

/**
 * One run holds much, another is charged beyond what is left; then the first gives back, before or after the period's
 * end, and the charge may be reversed: what a close allots anew, and what it leaves to undo.
 */
function usedWhileHeld(pools: Pools): fc.Arbitrary<readonly Step[]> {
  const { team, command } = pools;
  return fc
    .record({
      holder: admits(pools),
      held: some(25_000, 50_000, 100_000, 500_000),
      user: admits(pools),
      used: some(2_000, 15_000, 60_000),
      pack: fc.option(command),
      payg: fc.option(command, { freq: 3 }),
      heldOver: fc.boolean(),
      months: fc.constantFrom(0, 1, 1, 2),
      reversed: fc.option(command, { freq: 3 }),
    })
    .map(({ holder, held, user, used, pack, heldOver, months, reversed, payg }) => {
      const steps: Step[] = [];
      const then = (operation: Operation, after = 1_000): void => {
        steps.push({ waitMs: after, operation });
      };
      if (pack !== null)
        then({ kind: 'addCredits', team, amount: mc(9_000), expiresAt: null, note: null, ...pack });
      if (payg !== null) then({ kind: 'setPayg', team, enabled: true, cap: null, ...payg });
      then({ ...holder, quotes: quotes(held, true) });
      then({ ...user, mode: 'observe', quotes: quotes(mc(1_000), true) });
      then({ kind: 'commit', team, runId: user.runId, key: 'large', amount: used, detail: detailOf(used) });
      const close: Operation = { kind: 'close', team, runId: holder.runId, reason: 'completed' };
      if (!heldOver) then(close);
      if (months > 0) then({ kind: 'touch', team }, months * 31 * DAY);
      if (reversed !== null) {
        then({ kind: 'reverseCharge', team, runId: user.runId, key: 'large', reason: 'wrong', ...reversed });
      }
      if (heldOver) then(close);
      return steps;
    });
}

/** Operations on runs, one at a time, in any order. */
function ofRuns(pools: Pools): readonly fc.WeightedArbitrary<Operation>[] {
  const { team, runId, key } = pools;
  const toBlock = fc.record({ runId, key, amount: price });
  return [
    { weight: 8, arbitrary: admits(pools) },
    { weight: 8, arbitrary: toBlock.map((one) => ({ kind: 'reserve', team, ...one })) },
    {
      weight: 8,
      arbitrary: toBlock.map((one) => ({ kind: 'commit', team, ...one, detail: detailOf(one.amount) })),
    },
    { weight: 3, arbitrary: fc.record({ runId, key }).map((one) => ({ kind: 'unreserve', team, ...one })) },
    { weight: 8, arbitrary: runId.map((id) => ({ kind: 'close', team, runId: id, reason: 'completed' })) },
    { weight: 2, arbitrary: runId.map((id) => ({ kind: 'leave', team, runId: id, reason: 'cancelled' })) },
    { weight: 6, arbitrary: fc.integer({ min: 1, max: 4 }).map((most) => ({ kind: 'release', team, most })) },
    {
      weight: 1,
      arbitrary: fc.array(runId, { maxLength: 3 }).map((runIds) => ({ kind: 'told', team, runIds })),
    },
    { weight: 2, arbitrary: fc.constant<Operation>({ kind: 'touch', team }) },
  ];
}

/** What operators and platforms do to a team. */
function ofOperators({ team, runId, key, command }: Pools): readonly fc.WeightedArbitrary<Operation>[] {
  const at = (days: number): Instant => START + days * DAY;
  const reverseKey = fc.oneof({ weight: 3, arbitrary: key }, fc.constant('large'));
  return [
    {
      weight: 6,
      arbitrary: fc
        .record({
          enabled: fc.constantFrom(true, true, false),
          cap: fc.option(some(0, 3_000, 20_000, 70_000)),
          command,
        })
        .map(({ enabled, cap, command: by }) => ({
          kind: 'setPayg',
          team,
          enabled,
          cap: cap === null ? null : microUsd(cap),
          ...by,
        })),
    },
    {
      weight: 4,
      arbitrary: fc
        .record({ plan: fc.constantFrom(...PLAN_NAMES, 'gold'), command })
        .map(({ plan, command: by }) => ({ kind: 'changePlan', team, plan, ...by })),
    },
    {
      weight: 3,
      arbitrary: fc
        .record({
          amount: some(1_000, 8_000, 30_000),
          expiresAt: fc.option(fc.integer({ min: 1, max: 150 }).map(at)),
          note: fc.option(fc.constant('pack')),
          command,
        })
        .map(({ command: by, ...one }) => ({ kind: 'addCredits', team, ...one, ...by })),
    },
    {
      weight: 4,
      arbitrary: fc
        .record({
          amount: some(-40_000, -3_000, -1, 0, 2_000, 25_000),
          expiresAt: fc.option(fc.integer({ min: 1, max: 150 }).map(at), { nil: undefined }),
          command,
        })
        .map(({ amount, expiresAt, command: by }) => ({
          kind: 'adjustCredits',
          team,
          amount,
          reason: 'goodwill',
          ...(expiresAt === undefined ? {} : { expiresAt }),
          ...by,
        })),
    },
    {
      weight: 12,
      arbitrary: fc
        .record({ runId, key: reverseKey, command })
        .map(({ command: by, ...one }) => ({ kind: 'reverseCharge', team, reason: 'wrong', ...one, ...by })),
    },
    {
      weight: 1,
      arbitrary: fc
        .record({ status: fc.constantFrom<TeamStatus>(...STATUSES), command })
        .map(({ status, command: by }) => ({ kind: 'setTeamStatus', team, status, ...by })),
    },
    { weight: 2, arbitrary: changedSettings(team) },
  ];
}

/** Some operations of one team, each after a while. */
function phrase(team: string, runs: number): fc.Arbitrary<readonly Step[]> {
  const pools = poolsOf(team, runs);
  const single = fc.oneof(...ofRuns(pools), ...ofOperators(pools)).map((one): readonly Operation[] => [one]);
  const operations = fc.oneof(
    { weight: 12, arbitrary: single },
    { weight: 4, arbitrary: wayOfARun(pools) },
    { weight: 1, arbitrary: paygAndLargeRun(pools) },
  );
  const spread = operations.chain((all) =>
    fc.tuple(...all.map((operation) => waitMs.map((wait): Step => ({ waitMs: wait, operation })))),
  );
  return fc.oneof({ weight: 16, arbitrary: spread }, { weight: 1, arbitrary: usedWhileHeld(pools) });
}

function changedSettings(team: string): fc.Arbitrary<Operation> {
  const known = TEAMS.find((one) => one.team === team);
  if (known === undefined) throw new Error(`"${team}" is no team of the random histories`);
  return fc
    .record(
      {
        plan: fc.constantFrom(...PLAN_NAMES),
        overdraftPolicy: fc.constantFrom('forgive' as const, 'carry' as const),
        customIncluded: fc.option(some(0, 60_000, 700_000)),
        runLimit: fc.option(some(20_000, 200_000)),
        paygRate: fc.option(
          fc.constantFrom(...[3n, 333n].map((n) => ({ microUsd: microUsd(n * 1_003n), credits: n }))),
        ),
      },
      { requiredKeys: ['plan'] },
    )
    .map((one) => ({ kind: 'upsertTeam', team, anchor: known.anchor, timeZone: known.timeZone, ...one }));
}

/** A history: first each team is created, then anything may happen. */
export function arbitrarySteps(shape: Shape = {}): fc.Arbitrary<readonly Step[]> {
  const { teams = 3, runs = 8, phrases = 60 } = shape;
  const born = TEAMS.slice(0, teams).map((operation): Step => ({ waitMs: 0, operation }));
  return fc
    .array(fc.oneof(...born.map(({ operation: { team } }) => phrase(team, runs))), {
      minLength: Math.ceil(phrases / 2),
      maxLength: phrases,
      size: 'max',
    })
    .map((all) => [...born, ...all.flat()]);
}
