import { describe, expect, it } from '@jest/globals';
import { microUsd } from '../../../src/contracts/money';
import { type UpsertTeam } from '../../../src/ledger/core/operations';
import { detailOf } from './arbitrary-operations';
import { mc } from './rules';
import { APRIL, Scene } from './scene';

type Alerts = NonNullable<UpsertTeam['alerts']>;

function sceneWith(alerts?: Alerts, team: Partial<UpsertTeam> = {}): Scene {
  const scene = new Scene(APRIL, { ...team, ...(alerts === undefined ? {} : { alerts }) });
  scene.start('r', 1);
  return scene;
}

/** All but a millicredit of so many credits. */
function almost(scene: Scene, key: string, credits: number): void {
  const amount = mc(credits * 1_000 - 1);
  scene.do({ kind: 'commit', team: 'acme', runId: 'r', key, amount, detail: detailOf(amount) });
}

function theMillicredit(scene: Scene, key: string): void {
  scene.do({ kind: 'commit', team: 'acme', runId: 'r', key, amount: mc(1), detail: detailOf(mc(1)) });
}

/** Thresholds told of so far, as `0: 50 %` and `0: $5000` in millionths of a dollar, with the period before them. */
function told({ rows }: Scene): readonly string[] {
  return rows.events.flatMap(({ kind, data }) => {
    if (kind === 'usage.threshold') return [`${data.period}: ${data.percent} %`];
    return kind === 'payg.threshold' ? [`${data.period}: $${data.microUsd}`] : [];
  });
}

describe('thresholds of included credits', () => {
  it('are 50, 75, 90 and 100 % by default, and fire when they are reached, not before', () => {
    const scene = sceneWith();
    almost(scene, 'a', 25);
    expect(told(scene)).toEqual([]);
    theMillicredit(scene, 'b');
    expect(told(scene)).toEqual(['0: 50 %']);
    almost(scene, 'c', 25);
    expect(told(scene)).toEqual(['0: 50 %', '0: 75 %', '0: 90 %']);
    theMillicredit(scene, 'd');
    expect(told(scene)).toEqual(['0: 50 %', '0: 75 %', '0: 90 %', '0: 100 %']);
  });

  it('say what was used, and of how much', () => {
    const scene = sceneWith({ percent: [50], payg: null });
    scene.commit('r', 'a', 30);
    expect(scene.rows.events.at(-1)).toMatchObject({
      kind: 'usage.threshold',
      data: { period: 0, percent: 50, used: '30000', included: '50000' },
    });
  });

  it('fire once a period, also when usage is reversed and comes again', () => {
    const scene = sceneWith();
    scene.commit('r', 'a', 30);
    scene.reverse('r', 'a');
    scene.commit('r', 'b', 30);
    expect(told(scene)).toEqual(['0: 50 %']);
  });

  it('fire again after the reset', () => {
    const scene = sceneWith();
    scene.commit('r', 'a', 30);
    scene.at('2026-05-01T00:00:00Z');
    expect(told(scene)).toEqual(['0: 50 %']);
    scene.commit('r', 'b', 40);
    expect(told(scene)).toEqual(['0: 50 %', '1: 50 %', '1: 75 %']);
  });

  it('count usage beyond all grants too', () => {
    const scene = sceneWith({ percent: [100, 120, 200], payg: null });
    scene.commit('r', 'a', 61);
    expect(told(scene)).toEqual(['0: 100 %', '0: 120 %']);
    scene.payg(true);
    scene.start('s', 1);
    scene.commit('s', 'a', 39);
    expect(told(scene)).toEqual(['0: 100 %', '0: 120 %', '0: 200 %']);
  });

  it('go by what an upgrade makes of the allowance', () => {
    const scene = sceneWith();
    scene.commit('r', 'a', 30);
    scene.plan('team');
    scene.commit('r', 'b', 30);
    expect(told(scene)).toEqual(['0: 50 %']);
    scene.commit('r', 'c', 15);
    expect(told(scene)).toEqual(['0: 50 %', '0: 75 %']);
  });

  it('that are set twice, and in no order, fire once and the lower first', () => {
    const scene = sceneWith({ percent: [90, 10, 90, 10], payg: null });
    scene.commit('r', 'a', 45);
    expect(told(scene)).toEqual(['0: 10 %', '0: 90 %']);
  });

  it('that are taken away fire no more; a new one that was passed long ago fires at the next change', () => {
    const scene = sceneWith({ percent: [], payg: null });
    scene.commit('r', 'a', 50);
    expect(told(scene)).toEqual([]);
    const settings = { plan: 'solo', anchor: '2026-04-01T00:00:00', timeZone: 'UTC' };
    scene.do({ kind: 'upsertTeam', team: 'acme', ...settings, alerts: { percent: [80], payg: null } });
    expect(told(scene)).toEqual(['0: 80 %']);
  });
});

describe('thresholds of pay-as-you-go', () => {
  it('are parts of the cap by default, in money', () => {
    const scene = sceneWith({ percent: [], payg: null });
    scene.payg(true, 0.01);
    almost(scene, 'a', 55);
    expect(told(scene)).toEqual([]);
    theMillicredit(scene, 'b');
    expect(told(scene)).toEqual(['0: $5000']);
    scene.commit('r', 'c', 5);
    expect(told(scene)).toEqual(['0: $5000', '0: $7500', '0: $9000', '0: $10000']);
    expect(scene.rows.events.at(-1)).toMatchObject({
      data: { microUsd: '10000', used: '10000', usedMicroUsd: '10000' },
    });
  });

  it('of a cap of a millionth of a dollar fire once each', () => {
    const scene = sceneWith({ percent: [], payg: null });
    scene.payg(true, 0.000001);
    scene.commit('r', 'a', 51);
    expect(told(scene)).toEqual(['0: $0', '0: $1']);
  });

  it('are none by default without a cap, and those that are set with one', () => {
    const uncapped = sceneWith({ percent: [], payg: null });
    uncapped.payg(true);
    uncapped.commit('r', 'a', 1_000);
    expect(told(uncapped)).toEqual([]);
    const set = sceneWith({ percent: [], payg: [microUsd(20_000n), microUsd(10_000n), microUsd(20_000n)] });
    set.payg(true, 5);
    set.commit('r', 'a', 70);
    expect(told(set)).toEqual(['0: $10000', '0: $20000']);
  });

  it('go by the contract’s rate', () => {
    const paygRate = { microUsd: microUsd(10_000n), credits: 1n };
    const scene = sceneWith({ percent: [], payg: [microUsd(50_000n)] }, { paygRate });
    scene.payg(true, 1);
    almost(scene, 'a', 55);
    expect(told(scene)).toEqual([]);
    theMillicredit(scene, 'b');
    expect(told(scene)).toEqual(['0: $50000']);
  });

  it('fire once a period, and again after the reset', () => {
    const scene = sceneWith({ percent: [], payg: [microUsd(5_000n)] });
    scene.payg(true);
    scene.commit('r', 'a', 60);
    scene.at('2026-05-01T00:00:00Z');
    scene.commit('r', 'b', 54);
    expect(told(scene)).toEqual(['0: $5000']);
    scene.commit('r', 'c', 1);
    expect(told(scene)).toEqual(['0: $5000', '1: $5000']);
  });
});

describe('usage events of pay-as-you-go', () => {
  /** By kind and period, what they add up to in millicredits. */
  function billed({ rows }: Scene): Record<string, number> {
    const sums: Record<string, number> = {};
    for (const { kind, data } of rows.events) {
      if (kind !== 'payg.usage' && kind !== 'payg.refund') continue;
      const name = `${kind} ${data.period}`;
      sums[name] = (sums[name] ?? 0) + Number(data.millicredits);
    }
    return sums;
  }

  it('of a period add up to its statement, with what was reversed in it and what its close allots anew', () => {
    const scene = sceneWith();
    scene.payg(true);
    // Held to the end and given back: at the close it replaces PAYG.
    scene.start('holder', 9);
    scene.commit('r', 'a', 60);
    scene.commit('r', 'b', 5);
    scene.reverse('r', 'b');
    expect(billed(scene)).toEqual({ 'payg.usage 0': 19_000 });
    scene.close('holder');
    scene.at('2026-05-01T00:00:00Z');
    expect(scene.statement(0)).toMatchObject({ payg: 10_000n, paygReversed: 0n });
    expect(billed(scene)).toEqual({ 'payg.usage 0': 10_000 });
  });

  it('of a closed period stand; what is given back afterwards is a refund on the next statement', () => {
    const scene = sceneWith();
    scene.payg(true);
    scene.commit('r', 'a', 50);
    scene.commit('r', 'b', 5);
    scene.at('2026-05-01T00:00:00Z');
    scene.reverse('r', 'b');
    scene.at('2026-06-01T00:00:00Z');
    expect(scene.statement(0)).toMatchObject({ payg: 5_000n });
    expect(scene.statement(1)).toMatchObject({ payg: 0n, paygReversed: 5_000n });
    expect(billed(scene)).toEqual({ 'payg.usage 0': 5_000, 'payg.refund 1': 5_000 });
  });
});
