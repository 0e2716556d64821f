import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LOCATIONS } from '../../../src/contracts/context';
import { millicredits } from '../../../src/contracts/millicredits';
import { type TeamRows } from '../../../src/ledger/core';
import { Draft } from '../../../src/ledger/core/draft';
import { wouldHold } from '../../../src/ledger/core/hold';
import { sumOf } from '../../../src/ledger/core/parts';
import { type Run } from '../../../src/ledger/core/types';
import { LOOK_AHEAD, whenEachGoes } from '../../../src/ledger/core/when-each-goes';
import { detailOf } from './arbitrary-operations';
import { TEST_RULES } from './rules';
import { APRIL, c, Scene } from './scene';

function runsOf(rows: TeamRows): readonly Run[] {
  return rows.line.flatMap((id) => rows.runs.get(id) ?? []);
}

/** What is foretold, by run: after how many resets each goes, or null. */
function foretold(scene: Scene): Record<string, number | null> {
  const { rows } = scene;
  const draft = new Draft({ ...rows, ahead: new Map() }, TEST_RULES, false);
  draft.time = Math.max(scene.now, rows.team.lastTime);
  const line = runsOf(rows);
  const going = whenEachGoes(
    draft,
    line.map((run) => ({ hold: wouldHold(run), location: run.context.location })),
  );
  return Object.fromEntries(line.map(({ runId }, index) => [runId, going[index]?.resets ?? null]));
}

/** All that is held is used: what "nothing changes" means. */
function useWhatIsHeld(scene: Scene): void {
  for (const run of scene.rows.runs.values()) {
    if (run.status !== 'admitted') continue;
    const amount = sumOf(run.holds);
    const { runId } = run;
    const all = { team: 'acme', runId, key: 'all', amount, detail: detailOf(amount) } as const;
    if (amount > 0n) scene.ledger.submit({ kind: 'commit', ...all }, scene.now);
    scene.ledger.submit({ kind: 'close', team: 'acme', runId, reason: 'completed' }, scene.now);
  }
}

/** What happens, by run, as the core itself does it. */
function happens(scene: Scene, resets: number): Record<string, number | null> {
  const went = new Map<string, number | null>(scene.rows.line.map((id) => [id, null]));
  for (let reset = 0; reset <= resets; reset += 1) {
    if (reset > 0) {
      useWhatIsHeld(scene);
      scene.now = scene.rows.team.period.end;
      scene.ledger.submit({ kind: 'touch', team: 'acme' }, scene.now);
    }
    for (const runId of scene.released(10_000)) went.set(runId, reset);
  }
  return Object.fromEntries(went);
}

/** A team whose included credits are held, and runs that wait. */
function scene(team: ConstructorParameters<typeof Scene>[1], waiting: Record<string, number>): Scene {
  const made = new Scene(APRIL, team);
  made.start('first', 10_000);
  for (const [runId, least] of Object.entries(waiting)) {
    expect(made.admit(runId, least)).toMatchObject({ status: 'waiting' });
  }
  return made;
}

describe('when each goes', () => {
  it('is the reset that has something left for it, in order, each cut to what is left', () => {
    const solo = scene({}, { a: 20, b: 20, c: 20, d: 60, e: 1, f: 0 });
    expect(foretold(solo)).toEqual({ a: 1, b: 1, c: 1, d: 2, e: 3, f: 3 });
    expect(happens(solo, 3)).toEqual({ a: 1, b: 1, c: 1, d: 2, e: 3, f: 3 });
  });

  it('tells the moment of the reset, also after a short month', () => {
    const made = new Scene(Date.parse('2026-01-31T10:00:00Z'), { anchor: '2026-01-31T00:00:00' });
    made.start('first', 50);
    for (const runId of ['a', 'b', 'c']) made.admit(runId, 50);
    const draft = new Draft({ ...made.rows, ahead: new Map() }, TEST_RULES, false);
    const line = runsOf(made.rows).map((run) => ({ hold: wouldHold(run), location: run.context.location }));
    expect(
      whenEachGoes(draft, line).map((going) => new Date(going?.at ?? 0).toISOString().slice(0, 10)),
    ).toEqual(['2026-02-28', '2026-03-31', '2026-04-30']);
  });

  it('is now for those that what is spendable now is enough for', () => {
    const solo = scene({}, { a: 20, b: 20, c: 20, d: 1 });
    solo.adjust(30);
    expect(foretold(solo)).toEqual({ a: 0, b: 0, c: 1, d: 1 });
  });

  it('counts pay-as-you-go up to its cap each month, and all go where there is none', () => {
    const capped = scene({}, { a: 60, b: 60, c: 60, d: 60, e: 60 });
    capped.payg(true, 0.1);
    expect(foretold(capped)).toEqual({ a: 0, b: 0, c: 1, d: 1, e: 1 });
    capped.payg(true);
    expect(Object.values(foretold(capped))).toEqual([0, 0, 0, 0, 0]);
    // It ends with a plan that has none, and does not come back.
    const down = scene({}, { a: 60, b: 30, c: 1 });
    down.payg(true, 0.001);
    down.plan('free');
    expect(foretold(down)).toEqual({ a: 0, b: 1, c: 2 });
  });

  it('counts a downgrade from the next reset, and an allowance by contract', () => {
    const down = scene({ plan: 'team' }, { a: 25, b: 25 });
    down.plan('free');
    expect(foretold(down)).toEqual({ a: 1, b: 2 });
    const custom = scene({ plan: 'enterprise', customIncluded: c(10) }, { a: 10, b: 10 });
    expect(foretold(custom)).toEqual({ a: 1, b: 2 });
  });

  it('waits until what is owed is repaid', () => {
    const owing = new Scene(APRIL, { overdraftPolicy: 'carry' });
    owing.start('first', 50);
    owing.charge('first', 'x', 170);
    owing.admit('a', 1);
    expect(foretold(owing)).toEqual({ a: 3 });
    expect(happens(owing, 3)).toEqual({ a: 3 });
  });

  it('is never where nothing ever comes, nobody starts, or the plan has no private runner', () => {
    const nothing = new Scene(APRIL, { plan: 'enterprise', customIncluded: c(0) });
    nothing.admit('a');
    expect(foretold(nothing)).toEqual({ a: null });
    const suspended = scene({}, { a: 1 });
    suspended.status('suspended');
    expect(foretold(suspended)).toEqual({ a: null });
    const runner = new Scene(APRIL, { plan: 'enterprise' });
    runner.start('first', 500);
    runner.admit('p', 500, { context: { trigger: 'api', location: 'private-runner' } });
    runner.admit('q', 500, { context: { trigger: 'api', location: 'private-runner' } });
    runner.admit('r', 25);
    expect(foretold(runner)).toEqual({ p: 1, q: 2, r: 3 });
    runner.plan('free');
    // They give their places up when their turn comes.
    expect(foretold(runner)).toEqual({ p: null, q: null, r: 1 });
    expect(happens(runner, 2)).toEqual({ p: null, q: null, r: 1 });
  });

  it('looks no further than ten years', () => {
    const solo = scene(
      {},
      Object.fromEntries(Array.from({ length: LOOK_AHEAD + 1 }, (_, n) => [`r${n}`, 50])),
    );
    const all = Object.values(foretold(solo));
    expect(all.slice(-2)).toEqual([LOOK_AHEAD, null]);
  });
});

describe('against the core', () => {
  const amount = fc.constantFrom(0, 1, 3, 25, 50, 90, 400);
  const location = fc.constantFrom(...LOCATIONS);
  const cap = fc.constantFrom(null, 0, 0.001, 0.02, 0.5);
  const situation = fc.record({
    team: fc.record({
      plan: fc.constantFrom('free', 'solo', 'team', 'enterprise'),
      overdraftPolicy: fc.constantFrom('forgive' as const, 'carry' as const),
      anchor: fc.constantFrom('2026-04-01T00:00:00', '2026-01-31T09:00:00', '2027-01-01T00:00:00'),
      timeZone: fc.constantFrom('UTC', 'America/New_York', 'Pacific/Apia'),
    }),
    custom: fc.option(amount),
    used: amount,
    pack: fc.option(amount),
    waiting: fc.array(fc.record({ least: amount, location }), { minLength: 1, maxLength: 12 }),
    payg: fc.option(cap, { nil: undefined }),
    plan: fc.option(fc.constantFrom('free', 'solo', 'team', 'enterprise')),
    adjustment: fc.option(amount),
    finished: fc.boolean(),
  });

  it('says what release does at each reset, whatever the team', () => {
    fc.assert(
      fc.property(situation, (given) => {
        const { team, custom, pack, payg, plan, adjustment } = given;
        const own = team.plan === 'enterprise' && custom !== null ? { customIncluded: c(custom) } : {};
        const made = new Scene(APRIL, { ...team, ...own });
        if (pack !== null && team.plan === 'enterprise' && pack > 0) made.pack(pack, '2026-06-10T00:00:00Z');
        // Overdraft, holds, and a line behind them.
        made.admit('busy', 1);
        made.admit('first', 10_000);
        if (made.run('busy').status === 'admitted') made.commit('busy', 'x', given.used);
        if (given.finished) made.close('busy');
        given.waiting.forEach(({ least, location: where }, index) => {
          made.admit(`w${index}`, least, { context: { trigger: 'api', location: where } });
        });
        if (payg !== undefined) made.payg(true, payg);
        if (plan !== null) made.plan(plan);
        if (adjustment !== null && adjustment > 0) made.adjust(adjustment);
        const said = foretold(made);
        const seen = happens(made, 14);
        const within = Object.fromEntries(
          Object.entries(said).map(([runId, resets]) => [
            runId,
            resets !== null && resets > 14 ? null : resets,
          ]),
        );
        expect(within).toEqual(seen);
      }),
      { numRuns: 100 },
    );
  });

  it('takes a long line in its stride', () => {
    const made = scene({}, {});
    const draft = new Draft({ ...made.rows, ahead: new Map() }, TEST_RULES, false);
    const line = Array.from({ length: 200_000 }, () => ({
      hold: millicredits(1000n),
      location: 'cloud' as const,
    }));
    const going = whenEachGoes(draft, line);
    expect([going[49]?.resets, going[50]?.resets, going.at(-1)]).toEqual([1, 2, null]);
  });
});
