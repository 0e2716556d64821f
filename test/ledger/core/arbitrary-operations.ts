import fc from 'fast-check';
import { type RunContext } from '../../../src/contracts/context';
import { type Millicredits } from '../../../src/contracts/millicredits';
import { microUsd } from '../../../src/contracts/money';
import { type Admit, type Operation, type Quote } from '../../../src/ledger/core/operations';
import { type ChargeDetail } from '../../../src/ledger/core/types';
import { backlogs, DAY, ofOperators, settingsOf, some, START, TEAMS, type Pools } from './arbitrary-commands';
import { mc } from './rules';

export { START } from './arbitrary-commands';

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

/** A detail whose two lines add up, as pricing makes them. */
export function detailOf(amount: Millicredits): ChargeDetail {
  const first = amount / 3n;
  const lines = [first, amount - first].map((part) => ({
    what: 'test block',
    quantity: '1',
    unitMillicredits: part.toString(),
    millicredits: part.toString(),
    row: 'blocks.test',
    provenance: 'assumed' as const,
  }));
  return { type: 'test', lines, usage: {} };
}

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
    { rateCard: 'old', inForceFrom: 0, requiresCredits: true, least, likely: least },
    {
      rateCard: 'new',
      inForceFrom: START + 3 * DAY,
      requiresCredits,
      least: requiresCredits ? least : mc(0),
      likely: mc(least * 2n),
    },
  ];
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
      flow: fc.constantFrom('a flow', 'another'),
      context: fc.constantFrom<RunContext>(
        ...Array.from({ length: 4 }, () => ({ trigger: 'api', location: 'cloud' }) as const),
        { trigger: 'schedule', location: 'cloud' },
        { trigger: 'schedule', location: 'cloud' },
        { trigger: 'manual', location: 'local' },
        { trigger: 'api', location: 'private-runner' },
      ),
    })
    .map(({ runId: id, least, requiresCredits, mode, limit, flow, context }) => ({
      kind: 'admit',
      team,
      runId: id,
      workflowId: `w-${id}`,
      executionId: `e-${id}`,
      flow,
      flowHash: 'hash',
      context,
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

/** Everything is used up and runs line up; then credits come, or an operator clears the line. */
function lineUp(pools: Pools): fc.Arbitrary<readonly Operation[]> {
  const { team, command } = pools;
  const { anchor, timeZone, plan } = settingsOf(team);
  return fc
    .record({
      spender: admits(pools),
      waiting: fc.array(admits(pools), { minLength: 2, maxLength: 5, size: 'max' }),
      backlog: fc.option(backlogs, { freq: 2 }),
      command,
      other: command,
      then: fc.constantFrom('payg', 'credits', 'discard', 'close', 'lower plan', 'nothing'),
      releases: fc.array(releases(team), { minLength: 1, maxLength: 3 }),
    })
    .map(({ spender, waiting, backlog, command: by, other, then, releases: pages }) => {
      const used = mc(900_000);
      const next: Record<typeof then, Operation[]> = {
        payg: [{ kind: 'setPayg', team, enabled: true, cap: null, ...by }],
        credits: [{ kind: 'adjustCredits', team, amount: mc(2_500), reason: 'goodwill', ...by }],
        discard: [
          {
            kind: 'discardWaiting',
            team,
            flow: null,
            trigger: null,
            before: null,
            runIds: null,
            most: 100,
            reason: 'old',
            ...by,
          },
        ],
        close: [{ kind: 'setTeamStatus', team, status: 'closed', ...by }],
        'lower plan': [
          { kind: 'changePlan', team, plan: 'team', ...by },
          { kind: 'adjustCredits', team, amount: mc(2_500), reason: 'goodwill', ...other },
        ],
        nothing: [],
      };
      return [
        ...(backlog === null
          ? []
          : [{ kind: 'upsertTeam', team, anchor, timeZone, plan, backlog } satisfies Operation]),
        { ...spender, mode: 'observe' },
        { kind: 'commit', team, runId: spender.runId, key: 'large', amount: used, detail: detailOf(used) },
        ...waiting.map((one): Operation => ({ ...one, mode: 'enforce' })),
        ...next[then],
        ...pages,
      ];
    });
}

/** A run waits for a private runner, which its team's plan has no more after the reset. */
function waitsOverADowngrade(pools: Pools): fc.Arbitrary<readonly Step[]> {
  const { team } = pools;
  return fc.record({ spender: admits(pools), waits: admits(pools), id: fc.nat(1_000_000) }).map((one) => {
    const { spender, waits, id } = one;
    const used = mc(900_000);
    const by = (n: number): { requestId: string; actor: string } => ({
      requestId: `${team}-down-${id}-${n}`,
      actor: 'olga',
    });
    const operations: readonly Operation[] = [
      { kind: 'changePlan', team, plan: 'enterprise', ...by(0) },
      { ...spender, mode: 'observe' },
      { kind: 'commit', team, runId: spender.runId, key: 'large', amount: used, detail: detailOf(used) },
      { ...waits, mode: 'enforce', context: { trigger: 'api', location: 'private-runner' } },
      { kind: 'changePlan', team, plan: 'team', ...by(1) },
      { kind: 'release', team, most: 3 },
    ];
    return operations.map((operation, i): Step => ({ waitMs: i === 5 ? 31 * DAY : 1, operation }));
  });
}

/** A pack is bought on a plan that has them, perhaps used, and taken back: its number is among the first. */
function packAndBack(pools: Pools): fc.Arbitrary<readonly Operation[]> {
  const { team } = pools;
  return fc
    .record({ user: admits(pools), used: some(0, 0, 70_000), id: fc.nat(1_000_000) })
    .map(({ user, used, id }) => {
      const by = (n: number): { requestId: string; actor: string } => ({
        requestId: `${team}-pack-${id}-${n}`,
        actor: 'olga',
      });
      const numbers = Array.from({ length: 12 }, (_, n) => n + 2);
      return [
        { kind: 'changePlan', team, plan: 'enterprise', ...by(0) },
        { kind: 'addCredits', team, amount: mc(9_000), expiresAt: null, note: null, ...by(1) },
        { ...user, mode: 'observe' },
        { kind: 'commit', team, runId: user.runId, key: 'large', amount: used, detail: detailOf(used) },
        ...numbers.map((grant): Operation => ({
          kind: 'voidPack',
          team,
          grant,
          reason: 'not wanted',
          ...by(grant),
        })),
      ];
    });
}

/** Operations on runs, one at a time, in any order. */
function ofRuns(pools: Pools): readonly fc.WeightedArbitrary<Operation>[] {
  const { team, runId, key } = pools;
  const toBlock = fc.record({ runId, key, amount: price });
  return [
    { weight: 8, arbitrary: admits(pools) },
    { weight: 8, arbitrary: toBlock.map((one) => ({ kind: 'reserve', team, ...one })) },
    { weight: 2, arbitrary: toBlock.map((one) => ({ kind: 'reserve', team, ...one, reopens: false })) },
    {
      weight: 8,
      arbitrary: toBlock.map((one) => ({ kind: 'commit', team, ...one, detail: detailOf(one.amount) })),
    },
    { weight: 3, arbitrary: fc.record({ runId, key }).map((one) => ({ kind: 'unreserve', team, ...one })) },
    { weight: 8, arbitrary: runId.map((id) => ({ kind: 'close', team, runId: id, reason: 'completed' })) },
    { weight: 2, arbitrary: runId.map((id) => ({ kind: 'leave', team, runId: id, reason: 'cancelled' })) },
    { weight: 6, arbitrary: releases(team) },
    {
      weight: 1,
      arbitrary: fc.array(runId, { maxLength: 3 }).map((runIds) => ({ kind: 'told', team, runIds })),
    },
    { weight: 2, arbitrary: fc.constant<Operation>({ kind: 'touch', team }) },
  ];
}

function releases(team: string): fc.Arbitrary<Operation> {
  const window = fc.option(
    fc.record({ size: fc.integer({ min: 1, max: 3 }), patienceMs: fc.constantFrom(1_000, DAY) }),
    { nil: undefined, freq: 2 },
  );
  return fc.record({ most: fc.integer({ min: 1, max: 4 }), window }).map(({ most, window: one }) => ({
    kind: 'release',
    team,
    most,
    ...(one === undefined ? {} : { window: one }),
  }));
}

/** Some operations of one team, each after a while. */
function phrase(team: string, runs: number): fc.Arbitrary<readonly Step[]> {
  const pools = poolsOf(team, runs);
  const single = fc.oneof(...ofRuns(pools), ...ofOperators(pools)).map((one): readonly Operation[] => [one]);
  const operations = fc.oneof(
    { weight: 12, arbitrary: single },
    { weight: 4, arbitrary: wayOfARun(pools) },
    { weight: 1, arbitrary: paygAndLargeRun(pools) },
    { weight: 2, arbitrary: lineUp(pools) },
    { weight: 1, arbitrary: packAndBack(pools) },
  );
  const spread = operations.chain((all) =>
    fc.tuple(...all.map((operation) => waitMs.map((wait): Step => ({ waitMs: wait, operation })))),
  );
  return fc.oneof(
    { weight: 24, arbitrary: spread },
    { weight: 2, arbitrary: usedWhileHeld(pools) },
    { weight: 1, arbitrary: waitsOverADowngrade(pools) },
  );
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
