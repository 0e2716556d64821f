import fc from 'fast-check';
import { type Millicredits } from '../../../src/contracts/millicredits';
import { microUsd } from '../../../src/contracts/money';
import { type Instant } from '../../../src/contracts/time';
import { type Operation, type UpsertTeam } from '../../../src/ledger/core/operations';
import { type AlertSettings, type Backlog, type TeamStatus } from '../../../src/ledger/core/types';
import { mc } from './rules';

/** The teams of random histories, and what operators and platforms may do to them. */

/** The clock of a random history starts here: a DST weekend is near in Europe, and the older card's end behind it. */
export const START: Instant = Date.parse('2026-03-20T12:00:00Z');

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** Each team has its own plan, anchor and zone: the 31st, leap day, DST, half-hour offsets, an anchor ahead. */
export const TEAMS: readonly UpsertTeam[] = [
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

export const some = (...amounts: readonly number[]): fc.Arbitrary<Millicredits> =>
  fc.constantFrom(...amounts).map(mc);
export interface Pools {
  readonly team: string;
  readonly runId: fc.Arbitrary<string>;
  readonly key: fc.Arbitrary<string>;
  readonly command: fc.Arbitrary<{ requestId: string; actor: string }>;
}

/** What operators and platforms do to a team. */
export function ofOperators({
  team,
  runId,
  key,
  command,
}: Pools): readonly fc.WeightedArbitrary<Operation>[] {
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
          paid: fc.option(fc.constant({ amount: '80.00', currency: 'EUR', reference: 'A-17' })),
          command,
        })
        .map(({ command: by, paid, ...one }) => ({
          kind: 'addCredits',
          team,
          ...one,
          ...(paid === null ? {} : { paid }),
          ...by,
        })),
    },
    {
      weight: 2,
      arbitrary: fc
        .record({ grant: fc.integer({ min: 1, max: 9 }), command })
        .map(({ grant, command: by }) => ({ kind: 'voidPack', team, grant, reason: 'not wanted', ...by })),
    },
    {
      weight: 2,
      arbitrary: fc
        .record({ runId, command })
        .map(({ command: by, ...one }) => ({ kind: 'reverseRun', team, reason: 'all wrong', ...one, ...by })),
    },
    { weight: 2, arbitrary: discards({ team, runId, command }) },
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
        .record({ runId, key: reverseKey, line: fc.option(fc.integer({ min: 0, max: 2 })), command })
        .map(({ command: by, line, ...one }) => ({
          kind: 'reverseCharge',
          team,
          reason: 'wrong',
          ...one,
          ...(line === null ? {} : { line }),
          ...by,
        })),
    },
    {
      weight: 1,
      arbitrary: fc
        .record({ status: fc.constantFrom<TeamStatus>(...STATUSES), command })
        .map(({ status, command: by }) => ({ kind: 'setTeamStatus', team, status, ...by })),
    },
    { weight: 2, arbitrary: changedSettings(team, command) },
  ];
}

/** As many as match: what is loaded for a filter that is cut short depends on the batch. */
function discards({
  team,
  runId,
  command,
}: Pick<Pools, 'team' | 'runId' | 'command'>): fc.Arbitrary<Operation> {
  return fc
    .record({
      flow: fc.option(fc.constantFrom('a flow', 'another')),
      trigger: fc.option(fc.constantFrom('api' as const, 'schedule' as const)),
      before: fc.option(fc.integer({ min: 0, max: 60 }).map((days) => START + days * DAY)),
      runIds: fc.option(fc.array(runId, { minLength: 1, maxLength: 3 })),
      command,
    })
    .map(({ command: by, ...one }) => ({
      kind: 'discardWaiting',
      team,
      reason: 'old',
      most: 100,
      ...one,
      ...by,
    }));
}

export const backlogs = fc.constantFrom<Backlog>(
  {},
  { any: { policy: 'wait', longestWaitMs: HOUR, mostWaiting: 3 } },
  { schedule: { policy: 'keep-latest', longestWaitMs: null, mostWaiting: null } },
  { api: { policy: 'keep-latest', longestWaitMs: null, mostWaiting: 1 } },
  {
    manual: { policy: 'reject', longestWaitMs: null, mostWaiting: null },
    schedule: { policy: 'wait', longestWaitMs: null, mostWaiting: 1 },
  },
);

export function settingsOf(team: string): UpsertTeam {
  const known = TEAMS.find((one) => one.team === team);
  if (known === undefined) throw new Error(`"${team}" is no team of the random histories`);
  return known;
}

function changedSettings(team: string, command: Pools['command']): fc.Arbitrary<Operation> {
  const known = settingsOf(team);
  return fc
    .record(
      {
        plan: fc.constantFrom(...PLAN_NAMES),
        command,
        overdraftPolicy: fc.constantFrom('forgive' as const, 'carry' as const),
        customIncluded: fc.option(some(0, 60_000, 700_000)),
        runLimit: fc.option(some(20_000, 200_000)),
        backlog: backlogs,
        alerts: fc.constantFrom<AlertSettings>(
          { percent: [10, 100], payg: null },
          { percent: [], payg: [microUsd(1_000n), microUsd(40_000n)] },
          { percent: [10, 50, 10], payg: [microUsd(40_000n), microUsd(0n), microUsd(40_000n)] },
        ),
        paygRate: fc.option(
          fc.constantFrom(...[3n, 333n].map((n) => ({ microUsd: microUsd(n * 1_003n), credits: n }))),
        ),
      },
      { requiredKeys: ['plan'] },
    )
    .map(({ command: by, ...one }) => ({
      kind: 'upsertTeam',
      team,
      anchor: known.anchor,
      timeZone: known.timeZone,
      ...one,
      ...by,
    }));
}
