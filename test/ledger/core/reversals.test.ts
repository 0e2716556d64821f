import { describe, expect, it } from '@jest/globals';
import { APRIL, c, Scene } from './scene';

const MAY = '2026-05-01T00:00:00Z';
const JUNE = '2026-06-01T00:00:00Z';

describe('a reversal within the period', () => {
  it('gives credits back to the grant they came from, once', () => {
    const scene = new Scene(APRIL);
    scene.start('r');
    scene.charge('r', 'x', 20);
    expect(scene.reversed('r', 'x')).toEqual({ 'grant:1': '20' });
    expect(scene.available(1)).toBe('50');
    expect(scene.reverse('r', 'x')).toMatchObject({ status: 'refused', reason: 'already-reversed' });
    expect(scene.reverse('r', 'y')).toMatchObject({ status: 'refused', reason: 'unknown-charge' });
    // The first commit of the key stands for ever.
    expect(scene.commit('r', 'x', 20)).toMatchObject({ repeated: true });
    expect(scene.rows.entries.at(-1)).toMatchObject({ kind: 'reversal', actor: 'olga', reason: 'wrong' });
  });

  it('takes PAYG and overdraft back', () => {
    const scene = new Scene(APRIL);
    scene.payg(true, 0.005);
    scene.start('r');
    scene.charge('r', 'x', 60);
    expect(scene.reversed('r', 'x')).toEqual({ 'grant:1': '50', payg: '5', overdraft: '5' });
    expect(scene.rows.team).toMatchObject({ paygCharged: 0n, overdraft: 0n, periodCharged: 0n });
    scene.at(MAY);
    expect(scene.statement(0)).toMatchObject({
      charged: 0n,
      expired: c(50),
      payg: 0n,
      overdraft: 0n,
      paygReversed: 0n,
    });
  });

  it('wakes the line', () => {
    const scene = new Scene(APRIL);
    scene.start('r');
    scene.charge('r', 'x', 50);
    scene.admit('waits');
    scene.reverse('r', 'x');
    expect(scene.rows.team.wake).toBe(true);
  });

  it('lets what returns to an expired grant expire', () => {
    const scene = new Scene(APRIL, { plan: 'enterprise', customIncluded: c(1) });
    scene.pack(10, '2026-04-10T00:00:00Z');
    scene.start('r');
    scene.charge('r', 'x', 11);
    scene.at('2026-04-20T00:00:00Z');
    expect(scene.reversed('r', 'x')).toEqual({ 'grant:1': '1', 'grant:2': '10' });
    expect([scene.available(1), scene.available(2)]).toEqual(['1', '0']);
    scene.at(MAY);
    expect(scene.statement(0)).toMatchObject({ charged: 0n, expired: c(11) });
  });
});

describe('a reversal after the close', () => {
  it('of included credits is a line on the next statement: charged less, expired more', () => {
    const scene = new Scene(APRIL);
    scene.start('r');
    scene.charge('r', 'x', 20);
    scene.close('r');
    scene.at(MAY).reverse('r', 'x');
    scene.at(JUNE);
    expect(scene.statement(0)).toMatchObject({ charged: c(20), expired: c(30) });
    expect(scene.statement(1)).toMatchObject({
      charged: c(-20),
      expired: c(70),
      granted: c(50),
      closing: 0n,
    });
  });

  it('of a pack that lives gives the credits back to it', () => {
    const scene = new Scene(APRIL, { plan: 'enterprise', customIncluded: c(0) });
    scene.pack(30);
    scene.start('r');
    scene.charge('r', 'x', 20);
    scene.close('r');
    scene.at(MAY).reverse('r', 'x');
    expect(scene.available(1)).toBe('30');
  });

  it('of PAYG is money on the next statement', () => {
    const scene = new Scene(APRIL);
    scene.payg(true);
    scene.start('r');
    scene.charge('r', 'x', 90);
    scene.close('r');
    scene.at(MAY);
    expect(scene.reversed('r', 'x')).toEqual({ 'grant:1': '50', payg: '40' });
    scene.at(JUNE);
    expect(scene.statement(0)).toMatchObject({ payg: c(40), paygCents: 4n });
    expect(scene.statement(1)).toMatchObject({ payg: 0n, paygReversed: c(40), paygReversedCents: 4n });
  });

  it('of included credits replaces PAYG that their period still pays for', () => {
    const scene = new Scene(APRIL);
    scene.payg(true);
    scene.start('r');
    scene.charge('r', 'included', 50);
    scene.charge('r', 'payg', 30);
    scene.close('r');
    scene.at(MAY);
    expect(scene.reversed('r', 'included')).toEqual({ payg: '30', 'grant:1': '20' });
    // Without that charge the other 30 would have been included.
    expect(scene.rows.team.paygReversed).toBe(c(30));
    expect(scene.rows.grants.get(1)).toMatchObject({ charged: c(30), expired: c(20) });
    // The other's 30 are on included credits now: nothing is paid back twice.
    scene.reverse('r', 'payg');
    expect(scene.rows.team.paygReversed).toBe(c(30));
    expect(scene.rows.grants.get(1)).toMatchObject({ charged: 0n, expired: c(50) });
  });

  it('of PAYG that the close allotted anew pays back what was paid, no more', () => {
    const scene = new Scene(APRIL);
    scene.payg(true);
    scene.start('holder', 50);
    scene.start('r');
    scene.charge('r', 'x', 30);
    scene.charge('r', 'y', 40);
    scene.charge('holder', 'z', 5);
    scene.close('holder');
    scene.close('r');
    scene.at(MAY);
    // 45 of the 70 came to be included.
    expect(scene.statement(0)).toMatchObject({ payg: c(25) });
    expect(scene.reversed('r', 'x')).toEqual({ payg: '25', 'grant:1': '5' });
    expect(scene.reversed('r', 'y')).toEqual({ 'grant:1': '40' });
    expect(scene.rows.team.paygReversed).toBe(c(25));
    expect(scene.rows.grants.get(1)).toMatchObject({ charged: c(5), expired: c(45) });
  });

  it('of a pack that got credits back at the close gives none twice', () => {
    const scene = new Scene(APRIL, { plan: 'enterprise', customIncluded: c(20) });
    scene.pack(30);
    scene.start('holder', 20);
    scene.start('r');
    expect(scene.charge('r', 'x', 12)).toEqual({ 'grant:2': '12' });
    scene.charge('holder', 'y', 10);
    scene.close('holder');
    scene.close('r');
    scene.at(MAY);
    expect(scene.available(2)).toBe('28');
    expect(scene.reversed('r', 'x')).toEqual({ 'grant:1': '10', 'grant:2': '2' });
    expect(scene.available(2)).toBe('30');
  });

  it('of overdraft that was forgiven changes no balance', () => {
    const scene = new Scene(APRIL);
    scene.start('r', 50);
    scene.charge('r', 'x', 50);
    scene.charge('r', 'y', 30);
    scene.close('r');
    scene.at(MAY);
    expect(scene.reversed('r', 'y')).toEqual({ overdraft: '30' });
    expect(scene.rows.team).toMatchObject({ periodCharged: 0n, periodExpired: 0n, owed: 0n });
  });

  it('of overdraft that is owed is owed no more; what was repaid comes back', () => {
    const scene = new Scene(APRIL, { overdraftPolicy: 'carry' });
    scene.start('r', 50);
    scene.charge('r', 'x', 50);
    scene.charge('r', 'y', 70);
    scene.close('r');
    scene.at(MAY);
    expect(scene.rows.team.owed).toBe(c(20));
    // 20 were still owed, 50 had been taken from May's included credits.
    expect(scene.reversed('r', 'y')).toEqual({ overdraft: '20', 'grant:3': '50' });
    expect(scene.rows.team.owed).toBe(0n);
    expect(scene.available(3)).toBe('50');
    scene.at(JUNE);
    expect(scene.available(4)).toBe('50');
  });
});
