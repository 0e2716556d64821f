import fc from 'fast-check';
import { type Millicredits } from '../../../src/contracts/millicredits';
import { microUsd } from '../../../src/contracts/money';
import { type Instant } from '../../../src/contracts/time';
import { type Admit, type Operation, type Quote, type UpsertTeam } from '../../../src/ledger/core/operations';
import { type ChargeDetail } from '../../../src/ledger/core/types';
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
  readonly steps?: number;
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
  { weight: 12, arbitrary: fc.constantFrom(0, 0, 1, 1_000) },
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

function inTeam(team: string, runs: number, number: number): fc.Arbitrary<Operation> {
  const runId = fc.integer({ min: 0, max: runs - 1 }).map((n) => `${team}-r${n}`);
  const key = fc.constantFrom('a', 'b', 'c', 'loop[0]/a', '__proto__');
  const command = fc.record({
    // Mostly its own; now and then one that was used, with the same payload or another.
    requestId: fc.oneof(
      { weight: 6, arbitrary: fc.constant(`${team}-q${number}`) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: number }).map((n) => `${team}-q${n}`) },
    ),
    actor: fc.constantFrom('olga', 'otto'),
  });
  const at = (days: number): Instant => START + days * DAY;
  const admit: fc.Arbitrary<Operation> = fc
    .record({
      runId,
      least: price,
      requiresCredits: fc.oneof({ weight: 9, arbitrary: fc.constant(true) }, fc.constant(false)),
      mode: fc.constantFrom<Admit['mode']>('enforce', 'enforce', 'enforce', 'enforce', 'enforce', 'observe'),
      limit: fc.option(some(3_000, 30_000, 100_000), { freq: 5 }),
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
  const reverse: fc.Arbitrary<Operation> = fc
    .record({ runId, key, command })
    .map((one) => ({
      kind: 'reverseCharge',
      team,
      reason: 'wrong',
      ...one.command,
      runId: one.runId,
      key: one.key,
    }));
  return fc.oneof(
    { weight: 16, arbitrary: admit },
    {
      weight: 14,
      arbitrary: fc
        .record({ runId, key, amount: price })
        .map((one): Operation => ({ kind: 'reserve', team, ...one })),
    },
    {
      weight: 16,
      arbitrary: fc
        .record({ runId, key, amount: price })
        .map((one): Operation => ({ kind: 'commit', team, ...one, detail: detailOf(one.amount) })),
    },
    {
      weight: 3,
      arbitrary: fc.record({ runId, key }).map((one): Operation => ({ kind: 'unreserve', team, ...one })),
    },
    {
      weight: 7,
      arbitrary: runId.map((id): Operation => ({ kind: 'close', team, runId: id, reason: 'completed' })),
    },
    {
      weight: 2,
      arbitrary: runId.map((id): Operation => ({ kind: 'leave', team, runId: id, reason: 'cancelled' })),
    },
    {
      weight: 6,
      arbitrary: fc.integer({ min: 1, max: 4 }).map((most): Operation => ({ kind: 'release', team, most })),
    },
    {
      weight: 1,
      arbitrary: fc
        .array(runId, { maxLength: 3 })
        .map((runIds): Operation => ({ kind: 'told', team, runIds })),
    },
    { weight: 2, arbitrary: fc.constant<Operation>({ kind: 'touch', team }) },
    {
      weight: 7,
      arbitrary: fc
        .record({
          enabled: fc.constantFrom(true, true, false),
          cap: fc.option(some(0, 3_000, 20_000, 70_000)),
          command,
        })
        .map(({ enabled, cap, command: by }): Operation => ({
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
        .map(({ plan, command: by }): Operation => ({ kind: 'changePlan', team, plan, ...by })),
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
        .map(({ command: by, ...one }): Operation => ({ kind: 'addCredits', team, ...one, ...by })),
    },
    {
      weight: 4,
      arbitrary: fc
        .record({
          amount: some(-40_000, -3_000, -1, 0, 2_000, 25_000),
          expiresAt: fc.option(fc.integer({ min: 1, max: 150 }).map(at), { nil: undefined }),
          command,
        })
        .map(({ amount, expiresAt, command: by }): Operation => ({
          kind: 'adjustCredits',
          team,
          amount,
          reason: 'goodwill',
          ...(expiresAt === undefined ? {} : { expiresAt }),
          ...by,
        })),
    },
    { weight: 8, arbitrary: reverse },
    {
      weight: 1,
      arbitrary: fc
        .record({
          status: fc.constantFrom(
            'active' as const,
            'active' as const,
            'active' as const,
            'suspended' as const,
          ),
          command,
        })
        .map(({ status, command: by }): Operation => ({ kind: 'setTeamStatus', team, status, ...by })),
    },
    { weight: 2, arbitrary: changedSettings(team) },
  );
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
  const { teams = 3, runs = 9, steps = 90 } = shape;
  const born = TEAMS.slice(0, teams).map((operation): Step => ({ waitMs: 0, operation }));
  const names = born.map(({ operation }) => operation.team);
  const step = (number: number): fc.Arbitrary<Step> =>
    fc.constantFrom(...names).chain((team) => fc.record({ waitMs, operation: inTeam(team, runs, number) }));
  return fc
    .integer({ min: Math.ceil(steps / 2), max: steps })
    .chain((length) => fc.tuple(...Array.from({ length }, (_, number) => step(number))))
    .map((rest) => [...born, ...rest]);
}
