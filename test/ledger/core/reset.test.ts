import { describe, expect, it } from '@jest/globals';
import { APRIL, c, Scene } from './scene';

const MAY = '2026-05-01T00:00:00Z';

describe('the reset', () => {
  it('grants the included credits anew and rolls nothing over', () => {
    const scene = new Scene(APRIL);
    scene.start('r');
    scene.charge('r', 'a', 20);
    scene.close('r');
    scene.at('2026-04-30T23:59:59.999Z');
    expect(scene.rows.team.period.index).toBe(0);
    scene.at(MAY);
    expect(scene.rows.team.period.index).toBe(1);
    expect([scene.available(1), scene.available(2)]).toEqual(['0', '50']);
    expect(scene.statement(0)).toMatchObject({
      opening: 0n,
      granted: c(50),
      charged: c(20),
      expired: c(30),
      withdrawn: 0n,
      closing: 0n,
      payg: 0n,
      overdraft: 0n,
      plan: 'solo',
    });
  });

  it('closes missed months one by one, in order, and each once', () => {
    const scene = new Scene(APRIL);
    scene.now = Date.parse('2026-07-15T00:00:00Z');
    const touched = scene.do({ kind: 'touch', team: 'acme' });
    expect(touched).toEqual({ status: 'current', period: 3, periodsClosed: 3 });
    expect(scene.do({ kind: 'touch', team: 'acme' })).toEqual({
      status: 'current',
      period: 3,
      periodsClosed: 0,
    });
    expect(scene.rows.statements.map(({ period }) => period.index)).toEqual([0, 1, 2]);
    expect(scene.rows.grants.size).toBe(4);
  });

  it('happens inside whatever operation meets an ended period first, also one that is refused', () => {
    const scene = new Scene(APRIL);
    scene.now = Date.parse(MAY);
    expect(scene.commit('nobody', 'a', 1)).toMatchObject({ status: 'refused' });
    expect(scene.rows.team.period.index).toBe(1);
  });

  it('never runs backwards: a clock that jumps back meets the time the team has seen', () => {
    const scene = new Scene(APRIL);
    scene.at(MAY);
    scene.now = APRIL;
    scene.start('r', 50);
    expect(scene.run('r').askedAt).toBe(Date.parse(MAY));
    expect(scene.rows.team.period.index).toBe(1);
  });

  it('lets the line go with the new credits', () => {
    const scene = new Scene(APRIL);
    scene.start('a', 50);
    scene.charge('a', 'x', 50);
    for (const run of ['b', 'c', 'd']) scene.admit(run, 20);
    scene.at(MAY);
    expect(scene.rows.team.wake).toBe(true);
    expect(scene.released()).toEqual(['b', 'c', 'd']);
  });

  it('dates PAYG at its commit, and bills each period its own', () => {
    const scene = new Scene(APRIL);
    scene.payg(true);
    scene.start('r', 60);
    scene.charge('r', 'april', 55);
    scene.at(MAY);
    // 5 of PAYG are held over. The commit draws on May's included credits first.
    expect(scene.holds('r')).toEqual({ payg: '5' });
    expect(scene.charge('r', 'may', 53)).toEqual({ 'grant:2': '50', payg: '3' });
    scene.close('r');
    scene.at('2026-06-01T00:00:00Z');
    expect(scene.statement(0)).toMatchObject({ payg: c(5), paygHeldOverOut: c(5) });
    expect(scene.statement(1)).toMatchObject({ payg: c(3), paygHeldOverIn: c(5), paygHeldOverOut: 0n });
  });
});

describe('a hold over the boundary', () => {
  it('outlives expiry for its run: committed it is charged in the period of the commit', () => {
    const scene = new Scene(APRIL);
    scene.start('r', 20);
    scene.at(MAY);
    expect(scene.statement(0)).toMatchObject({
      charged: 0n,
      expired: c(30),
      closing: c(20),
      heldOverOut: c(20),
    });
    // What it needs beyond its hold comes from the new period.
    expect(scene.charge('r', 'a', 25)).toEqual({ 'grant:1': '20', 'grant:2': '5' });
    scene.close('r');
    scene.at('2026-06-01T00:00:00Z');
    expect(scene.statement(1)).toMatchObject({
      opening: c(20),
      heldOverIn: c(20),
      charged: c(25),
      expired: c(45),
    });
  });

  it('released it expires', () => {
    const scene = new Scene(APRIL);
    scene.start('r', 20);
    scene.at(MAY);
    scene.close('r');
    expect(scene.available(1)).toBe('0');
    scene.at('2026-06-01T00:00:00Z');
    expect(scene.statement(1)).toMatchObject({ opening: c(20), granted: c(50), expired: c(70), closing: 0n });
  });

  it('released replaces PAYG of its period before it expires: a refund on the next statement', () => {
    const scene = new Scene(APRIL);
    scene.payg(true);
    scene.start('holder', 50);
    scene.start('user');
    expect(scene.charge('user', 'x', 8)).toEqual({ payg: '8' });
    scene.at(MAY);
    expect(scene.statement(0)).toMatchObject({ payg: c(8), paygCents: 1n });
    scene.close('holder');
    expect(scene.rows.grants.get(1)).toMatchObject({ charged: c(8), expired: c(42) });
    scene.at('2026-06-01T00:00:00Z');
    expect(scene.statement(1)).toMatchObject({
      paygReversed: c(8),
      paygReversedCents: 1n,
      charged: c(8),
      payg: 0n,
    });
  });

  it('is used before anything else once its grant has expired', () => {
    const scene = new Scene(APRIL, { plan: 'enterprise', customIncluded: c(10) });
    scene.pack(30, '2026-04-20T00:00:00Z');
    scene.start('r', 25);
    expect(scene.holds('r')).toEqual({ 'grant:1': '10', 'grant:2': '15' });
    scene.at('2026-04-20T00:00:00Z');
    expect(scene.available(2)).toBe('0');
    expect(scene.charge('r', 'a', 12)).toEqual({ 'grant:2': '12' });
  });
});

describe('usage allotted anew at the close', () => {
  it('lets unspent included credits replace overdraft, then PAYG', () => {
    const scene = new Scene(APRIL);
    scene.start('holder', 50);
    scene.start('user', 1, { mode: 'observe' });
    expect(scene.charge('user', 'x', 7)).toEqual({ overdraft: '7' });
    scene.payg(true);
    expect(scene.charge('user', 'y', 9)).toEqual({ payg: '9' });
    scene.charge('holder', 'z', 38);
    scene.close('holder');
    scene.at(MAY);
    // 12 were left: 7 for the overdraft, 5 of the 9 of PAYG.
    expect(scene.statement(0)).toMatchObject({ charged: c(50), expired: 0n, overdraft: 0n, payg: c(4) });
  });

  it('and then what packs were charged, the last in order first', () => {
    const scene = new Scene(APRIL, { plan: 'enterprise', customIncluded: c(20) });
    scene.pack(5, '2026-08-01T00:00:00Z');
    scene.pack(10);
    scene.start('holder', 20);
    scene.start('user');
    expect(scene.charge('user', 'x', 9)).toEqual({ 'grant:2': '5', 'grant:3': '4' });
    scene.close('holder');
    scene.charge('user', 'y', 14);
    scene.at(MAY);
    // 6 were left: the 4 of the pack without expiry, then 2 of the other.
    expect([scene.available(2), scene.available(3)]).toEqual(['2', '10']);
    expect(scene.statement(0)).toMatchObject({ charged: c(23), expired: 0n, closing: c(12) });
  });

  it('gives an expired pack nothing back', () => {
    const scene = new Scene(APRIL, { plan: 'enterprise', customIncluded: c(20) });
    scene.pack(5, '2026-04-10T00:00:00Z');
    scene.start('holder', 20);
    scene.start('user');
    expect(scene.charge('user', 'x', 5)).toEqual({ 'grant:2': '5' });
    scene.at('2026-04-20T00:00:00Z').close('holder');
    scene.at(MAY);
    expect(scene.statement(0)).toMatchObject({ charged: c(5), expired: c(20) });
  });

  it('reaches back for an upgrade, never for a pack', () => {
    const scene = new Scene(APRIL, { plan: 'free' });
    scene.start('r');
    expect(scene.charge('r', 'x', 40)).toEqual({ 'grant:1': '25', overdraft: '15' });
    scene.plan('solo');
    scene.at(MAY);
    expect(scene.statement(0)).toMatchObject({ overdraft: 0n, charged: c(40), expired: c(10) });

    const packed = new Scene(APRIL, { plan: 'enterprise', customIncluded: c(25) });
    packed.start('r');
    packed.charge('r', 'x', 40);
    packed.pack(100);
    packed.at(MAY);
    expect(packed.statement(0)).toMatchObject({ overdraft: c(15), charged: c(25), closing: c(100) });
  });
});

describe('overdraft at the close', () => {
  const overdrawn = (policy: 'forgive' | 'carry', used: number): Scene => {
    const scene = new Scene(APRIL, { overdraftPolicy: policy });
    scene.start('r', 50);
    scene.charge('r', 'x', used);
    scene.close('r');
    return scene.at(MAY);
  };

  it('is forgiven by default', () => {
    const scene = overdrawn('forgive', 80);
    expect(scene.statement(0)).toMatchObject({ overdraft: c(30), overdraftPolicy: 'forgive', owed: 0n });
    expect(scene.available(2)).toBe('50');
  });

  it('or carried: taken from the next included grants until it is repaid', () => {
    const scene = overdrawn('carry', 120);
    expect(scene.statement(0)).toMatchObject({ overdraft: c(70), owed: c(70) });
    expect([scene.available(2), scene.rows.team.owed]).toEqual(['0', c(20)]);
    scene.at('2026-06-01T00:00:00Z');
    expect([scene.available(3), scene.rows.team.owed]).toEqual(['30', 0n]);
    expect(scene.statement(1)).toMatchObject({ granted: c(50), charged: c(50), owed: c(20) });
    // An upgrade's credits repay too.
    const upgraded = overdrawn('carry', 120);
    upgraded.plan('team');
    expect([upgraded.available(2), upgraded.rows.team.owed]).toEqual(['30', 0n]);
  });
});

describe('packs', () => {
  it('expire at their instant, before the period of that instant closes', () => {
    const scene = new Scene(APRIL, { plan: 'enterprise' });
    scene.pack(10, MAY);
    scene.pack(10, '2026-05-10T00:00:00Z');
    scene.at(MAY);
    expect(scene.statement(0)).toMatchObject({ granted: c(520), expired: c(510), closing: c(10) });
    const expiries = scene.rows.entries.filter(({ kind }) => kind === 'expire');
    expect(expiries.map(({ parts, period }) => [parts[0]?.source, period])).toEqual([
      ['grant:2', 0],
      ['grant:1', 0],
    ]);
    scene.at('2026-05-20T00:00:00Z');
    expect(scene.rows.entries.at(-1)).toMatchObject({
      kind: 'expire',
      at: Date.parse('2026-05-10T00:00:00Z'),
      period: 1,
    });
  });

  it('are sold on plans that have them, and last on any plan', () => {
    expect(new Scene(APRIL).pack(10)).toMatchObject({ status: 'refused', reason: 'not-on-plan' });
    const scene = new Scene(APRIL, { plan: 'enterprise' });
    expect(scene.pack(10)).toEqual({ status: 'done', grant: 2 });
    scene.plan('solo');
    scene.at(MAY);
    expect(scene.rows.team.plan).toBe('solo');
    expect(scene.available(2)).toBe('10');
    expect(scene.pack(10)).toMatchObject({ status: 'refused', reason: 'not-on-plan' });
  });

  it('are refused when they are empty or expired already', () => {
    const scene = new Scene(APRIL, { plan: 'enterprise' });
    expect(scene.pack(0)).toMatchObject({ reason: 'invalid' });
    expect(scene.pack(-1)).toMatchObject({ reason: 'invalid' });
    expect(scene.pack(1, '2026-03-01T00:00:00Z')).toMatchObject({ reason: 'invalid' });
  });
});

describe('adjustments', () => {
  it('last until the period’s end by default, or as long as they say', () => {
    const scene = new Scene(APRIL);
    scene.adjust(10);
    scene.adjust(10, '2026-05-15T00:00:00Z');
    scene.at(MAY);
    expect([scene.available(2), scene.available(3)]).toEqual(['0', '10']);
  });

  it('below nothing withdraw what is available, in order of use, and never more', () => {
    const scene = new Scene(APRIL);
    scene.adjust(10);
    scene.start('r', 5);
    expect(scene.adjust(-56)).toMatchObject({
      status: 'refused',
      reason: 'below-available',
      detail: { available: '55000' },
    });
    expect(scene.adjust(-50)).toEqual({ status: 'done', amount: c(-50) });
    expect([scene.available(1), scene.available(2)]).toEqual(['0', '5']);
    expect(scene.held('r')).toBe('5');
    scene.at(MAY);
    expect(scene.statement(0)).toMatchObject({ withdrawn: c(50), expired: c(5), closing: c(5) });
  });

  it('of nothing are refused', () => {
    expect(new Scene(APRIL).adjust(0)).toMatchObject({ reason: 'invalid' });
  });
});
