import { describe, expect, it } from '@jest/globals';
import { microUsd } from '../../../src/contracts/money';
import { creditsWithin } from '../../../src/ledger/core/spendable';
import { paygCents } from '../../../src/ledger/core/statement';
import { APRIL, c, Scene } from './scene';
import { mc } from './rules';

describe('pay-as-you-go', () => {
  it('is off by default', () => {
    const scene = new Scene(APRIL);
    expect(scene.rows.team.payg).toEqual({ enabled: false, cap: null });
    scene.start('r', 50);
    expect(scene.charge('r', 'x', 51)).toEqual({ 'grant:1': '50', overdraft: '1' });
  });

  it('is refused on a plan without it, with the reason', () => {
    const scene = new Scene(APRIL, { plan: 'free' });
    expect(scene.payg(true)).toMatchObject({
      status: 'refused',
      reason: 'not-on-plan',
      message: expect.stringContaining('plan "free" has no pay-as-you-go'),
    });
    expect(scene.payg(false)).toMatchObject({ status: 'done' });
  });

  it('releases the line, and lets it draw up to the cap', () => {
    const scene = new Scene(APRIL);
    scene.start('a', 50);
    for (const run of ['b', 'c', 'd']) scene.admit(run, 4);
    expect(scene.payg(true, 0.006)).toEqual({ status: 'done', enabled: true, stillCharged: c(0) });
    expect(scene.released()).toEqual(['b', 'c']);
    expect([scene.holds('b'), scene.holds('c')]).toEqual([{ payg: '4' }, { payg: '2' }]);
    expect(scene.charge('c', 'x', 4)).toEqual({ payg: '2', overdraft: '2' });
  });

  it('turned off stops new draws; what is held is still charged, and the answer names that most', () => {
    const scene = new Scene(APRIL);
    scene.payg(true);
    scene.start('r', 60);
    expect(scene.payg(false)).toEqual({ status: 'done', enabled: false, stillCharged: c(10) });
    expect(scene.charge('r', 'x', 65)).toEqual({ 'grant:1': '50', payg: '10', overdraft: '5' });
    expect(scene.admit('s')).toMatchObject({ status: 'waiting' });
  });

  it('with the cap lowered below what was used stops new draws the same way', () => {
    const scene = new Scene(APRIL);
    scene.payg(true);
    scene.start('r', 60);
    scene.charge('r', 'x', 55);
    expect(scene.payg(true, 0.001)).toEqual({ status: 'done', enabled: true, stillCharged: c(5) });
    expect(scene.charge('r', 'y', 6)).toEqual({ payg: '5', overdraft: '1' });
    expect(scene.payg(true, 0.012)).toMatchObject({ status: 'done' });
    expect(scene.charge('r', 'z', 6)).toEqual({ payg: '2', overdraft: '4' });
  });

  it('turned on twice, by two operators, is on once and audited twice', () => {
    const scene = new Scene(APRIL);
    scene.payg(true, 5);
    scene.payg(true, 5);
    const settings = scene.rows.entries.filter(({ kind, actor }) => kind === 'setting' && actor !== null);
    expect(settings.map(({ requestId, actor, reason }) => [requestId, actor, reason])).toEqual([
      ['q1', 'olga', 'pay-as-you-go on'],
      ['q2', 'olga', 'pay-as-you-go on'],
    ]);
  });

  it('counts what is held from the last period against the new cap', () => {
    const scene = new Scene(APRIL);
    scene.payg(true, 0.01);
    scene.start('r', 58);
    scene.at('2026-05-01T00:00:00Z');
    scene.start('spender', 50);
    scene.start('s', 9);
    expect(scene.holds('s')).toEqual({ payg: '2' });
  });

  it('has a headroom computed exactly from the rate, rounded down', () => {
    const rate = { microUsd: microUsd(7), credits: 3n };
    expect(creditsWithin(1n, rate)).toBe(mc(428));
    expect(creditsWithin(7n, rate)).toBe(mc(3_000));
    expect(creditsWithin(1_000_000n, { microUsd: microUsd(10_000_000), credits: 10_000n })).toBe(c(1_000));
  });

  it('rounds to cents once, half up', () => {
    const standard = { microUsd: microUsd(1_000_000), credits: 1_000n };
    expect(paygCents(mc(4_999), standard)).toBe(0n);
    expect(paygCents(mc(5_000), standard)).toBe(1n);
    expect(paygCents(mc(14_999), standard)).toBe(1n);
    expect(paygCents(mc(15_000), standard)).toBe(2n);
    expect(paygCents(mc(1_236_000), standard)).toBe(124n);
    expect(paygCents(c(10_000), { microUsd: microUsd(10_000_000), credits: 10_000n })).toBe(1_000n);
  });

  it('is billed on the total of the period, at a contract rate where there is one', () => {
    const scene = new Scene(APRIL, { paygRate: { microUsd: microUsd(333), credits: 1n } });
    scene.payg(true);
    scene.start('r', 50);
    scene.charge('r', 'included', 50);
    for (const key of ['a', 'b', 'c']) expect(scene.charge('r', key, 10)).toEqual({ payg: '10' });
    scene.at('2026-05-01T00:00:00Z');
    // 30 credits of 333 micro-dollars are 9,990, one cent; ten of them three times would be three times nothing.
    expect(scene.statement(0)).toMatchObject({ payg: c(30), paygCents: 1n, paygRate: { credits: 1n } });
  });
});
