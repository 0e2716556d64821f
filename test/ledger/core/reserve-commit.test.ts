import { describe, expect, it } from '@jest/globals';
import { APRIL, c, Scene } from './scene';

describe('a reservation', () => {
  it('is a claim on the run’s pool: what the pool covers draws nothing', () => {
    const scene = new Scene(APRIL);
    scene.start('r', 8);
    const entries = scene.rows.entries.length;
    expect(scene.reserve('r', 'a', 5)).toEqual({ status: 'reserved', amount: c(5), covered: c(5) });
    expect(scene.rows.entries.length).toBe(entries);
    expect(scene.held('r')).toBe('8');
  });

  it('draws what the pool lacks in order of use, and leaves the rest uncovered', () => {
    const scene = new Scene(APRIL);
    scene.start('r', 8);
    scene.reserve('r', 'a', 5);
    expect(scene.reserve('r', 'b', 10)).toMatchObject({ covered: c(10) });
    expect(scene.held('r')).toBe('15');
    expect(scene.reserve('r', 'c', 40)).toMatchObject({ covered: c(35) });
    expect(scene.held('r')).toBe('50');
    expect(scene.reserve('r', 'd', 1)).toMatchObject({ covered: c(0) });
  });

  it('stands until its commit: asked again, it answers the same', () => {
    const scene = new Scene(APRIL);
    scene.start('r', 8);
    const first = scene.reserve('r', 'a', 5);
    expect(scene.reserve('r', 'a', 20)).toEqual(first);
    scene.commit('r', 'a', 3);
    expect(scene.reserve('r', 'a', 5)).toEqual({ status: 'charged', amount: c(3) });
  });

  it('is given back uncharged', () => {
    const scene = new Scene(APRIL);
    scene.start('r', 2);
    scene.reserve('r', 'a', 10);
    expect(scene.unreserve('r', 'a')).toEqual({ status: 'unreserved' });
    expect(scene.held('r')).toBe('2');
    expect(scene.unreserve('r', 'a')).toEqual({ status: 'nothing-reserved' });
    scene.commit('r', 'b', 1);
    expect(scene.unreserve('r', 'b')).toEqual({ status: 'charged' });
  });

  it('is refused to a run the ledger never admitted', () => {
    const scene = new Scene(APRIL);
    scene.start('r', 50);
    scene.admit('waits');
    expect(scene.reserve('waits', 'a', 1)).toMatchObject({ status: 'refused', reason: 'not-admitted' });
    expect(scene.commit('waits', 'a', 1)).toMatchObject({ status: 'refused', reason: 'not-admitted' });
    expect(scene.reserve('nobody', 'a', 1)).toMatchObject({ status: 'refused', reason: 'unknown-run' });
    expect(scene.commit('nobody', 'a', 1)).toMatchObject({ status: 'refused', reason: 'unknown-run' });
  });

  it('is refused by the run’s limit alone, exactly at it', () => {
    const scene = new Scene(APRIL);
    scene.start('r', 1, { limit: c(10) });
    scene.commit('r', 'a', 3);
    scene.reserve('r', 'b', 4);
    expect(scene.reserve('r', 'c', 3)).toMatchObject({ status: 'reserved' });
    expect(scene.reserve('r', 'd', 1)).toMatchObject({ status: 'refused', reason: 'limit-reached' });
    expect(scene.reserve('r', 'd', 0)).toMatchObject({ status: 'reserved' });
    // A block that has executed is charged, over the limit too.
    expect(scene.charge('r', 'b', 20)).toEqual({ 'grant:1': '20' });
  });

  it('obeys the team’s limit where it is lower than the run’s', () => {
    const scene = new Scene(APRIL, { runLimit: c(5) });
    scene.start('r', 1, { limit: c(10) });
    expect(scene.reserve('r', 'a', 6)).toMatchObject({ status: 'refused', reason: 'limit-reached' });
    scene.start('s');
    expect(scene.run('s').limit).toBe(c(5));
  });

  it('reopens a run that was closed by a reset of its workflow', () => {
    const scene = new Scene(APRIL);
    scene.start('r', 4);
    scene.close('r');
    expect(scene.reserve('r', 'a', 2)).toMatchObject({ covered: c(2) });
    expect(scene.run('r')).toMatchObject({ status: 'admitted', closedAt: null, closeReason: null });
    expect(scene.commit('r', 'a', 2)).toMatchObject({ late: false, unreserved: false });
    scene.close('r');
    expect(scene.run('r').status).toBe('closed');
  });

  it('does not reopen it for a child that outlives it: what that uses is charged late', () => {
    const scene = new Scene(APRIL);
    scene.start('r', 1, { limit: c(5) });
    scene.do({ kind: 'close', team: 'acme', runId: 'r', reason: 'completed' });
    const late = { kind: 'reserve', team: 'acme', runId: 'r', reopens: false } as const;
    expect(scene.do({ ...late, key: 'a', amount: c(2) })).toEqual({ status: 'closed' });
    expect(scene.run('r')).toMatchObject({ status: 'closed', holds: [], reservations: {} });
    expect(scene.commit('r', 'a', 2)).toMatchObject({ late: true, unreserved: true });
    expect(scene.do({ ...late, key: 'a', amount: c(2) })).toEqual({ status: 'charged', amount: c(2) });
    // Its limit stops it all the same.
    expect(scene.do({ ...late, key: 'b', amount: c(4) })).toMatchObject({ reason: 'limit-reached' });
  });

  it('takes any key, also those that JavaScript knows', () => {
    const scene = new Scene(APRIL);
    scene.start('r', 4);
    for (const key of ['__proto__', 'constructor', 'for1[3]/for2[0]/h']) {
      expect(scene.reserve('r', key, 1)).toMatchObject({ status: 'reserved' });
      expect(scene.commit('r', key, 1)).toMatchObject({ status: 'charged', unreserved: false });
    }
    expect(scene.run('r').reservations).toEqual({});
  });

  it('and a commit refuse amounts that make no sense', () => {
    const scene = new Scene(APRIL);
    scene.start('r');
    for (const amount of [-1, 2e12]) {
      expect(scene.reserve('r', 'a', amount)).toMatchObject({ status: 'refused', reason: 'invalid' });
      expect(scene.commit('r', 'a', amount)).toMatchObject({ status: 'refused', reason: 'invalid' });
    }
  });
});

describe('a commit', () => {
  it('charges the actual usage; what the block left over stays with the run up to its estimate', () => {
    const scene = new Scene(APRIL);
    scene.start('r', 8);
    scene.reserve('r', 'a', 6);
    scene.reserve('r', 'b', 6);
    expect(scene.held('r')).toBe('12');
    expect(scene.charge('r', 'a', 2)).toEqual({ 'grant:1': '2' });
    // Open claims of 6 and 8 - 2 = 6 of the estimate.
    expect(scene.held('r')).toBe('6');
    scene.commit('r', 'b', 1);
    expect(scene.held('r')).toBe('5');
    scene.commit('r', 'c', 9);
    expect(scene.held('r')).toBe('0');
  });

  it('stands: later ones of its key get its answer, whatever they bring', () => {
    const scene = new Scene(APRIL);
    scene.start('r');
    const first = scene.commit('r', 'a', 3);
    expect(scene.commit('r', 'a', 7)).toEqual({ ...first, repeated: true });
    expect(scene.run('r').charged).toBe(c(3));
  });

  it('is marked when it had no reservation, and when it came late', () => {
    const scene = new Scene(APRIL);
    scene.start('r');
    expect(scene.commit('r', 'a', 3)).toMatchObject({ unreserved: true, late: false });
    scene.reserve('r', 'b', 1);
    scene.close('r');
    expect(scene.commit('r', 'b', 1)).toMatchObject({ unreserved: true, late: true, runCharged: c(4) });
    expect(scene.run('r')).toMatchObject({ status: 'closed', charged: c(4) });
  });

  it('splits exactly over two lots, in order of use', () => {
    const scene = new Scene(APRIL, { plan: 'enterprise', customIncluded: c(10) });
    scene.pack(5, '2026-09-01T00:00:00Z');
    scene.pack(5);
    scene.adjust(5, '2026-06-01T00:00:00Z');
    scene.payg(true, 0.003);
    scene.start('r');
    // Included, the adjustment that expires in June, the pack of September, the one without expiry, PAYG, overdraft.
    expect(scene.charge('r', 'a', 12)).toEqual({ 'grant:1': '10', 'grant:4': '2' });
    expect(scene.charge('r', 'b', 9)).toEqual({ 'grant:4': '3', 'grant:2': '5', 'grant:3': '1' });
    expect(scene.charge('r', 'c', 9)).toEqual({ 'grant:3': '4', payg: '3', overdraft: '2' });
  });

  it('draws of each source first what the run holds', () => {
    const scene = new Scene(APRIL);
    scene.payg(true, 0.01);
    scene.start('a', 30);
    scene.start('b', 25);
    expect(scene.holds('b')).toEqual({ 'grant:1': '20', payg: '5' });
    scene.close('a');
    // 20 held and 30 available of the grant come before the PAYG that is held.
    expect(scene.charge('b', 'x', 22)).toEqual({ 'grant:1': '22' });
    // 3 of its estimate remain, which it holds already; the rest goes back, later sources first.
    expect(scene.holds('b')).toEqual({ payg: '3' });
    expect(scene.rows.team.paygHeld).toBe(c(3));
  });

  it('comes to overdraft only when the run’s pool is empty and nothing is spendable', () => {
    const scene = new Scene(APRIL);
    scene.start('a', 30);
    scene.start('b', 20);
    expect(scene.charge('a', 'x', 31)).toEqual({ 'grant:1': '30', overdraft: '1' });
    expect(scene.holds('b')).toEqual({ 'grant:1': '20' });
    expect(scene.charge('b', 'x', 20)).toEqual({ 'grant:1': '20' });
  });

  it('never stops an admitted run for credits', () => {
    const scene = new Scene(APRIL);
    scene.start('r', 50);
    expect(scene.charge('r', 'x', 200)).toEqual({ 'grant:1': '50', overdraft: '150' });
    expect(scene.reserve('r', 'y', 5)).toEqual({ status: 'reserved', amount: c(5), covered: c(0) });
    // PAYG turned on later does not reach back.
    scene.payg(true);
    expect(scene.rows.team.overdraft).toBe(c(150));
    expect(scene.charge('r', 'y', 5)).toEqual({ payg: '5' });
  });

  it('of nothing is a charge too', () => {
    const scene = new Scene(APRIL);
    scene.start('r');
    expect(scene.commit('r', 'a', 0)).toMatchObject({ status: 'charged', amount: c(0), parts: [] });
    expect(scene.commit('r', 'a', 4)).toMatchObject({ amount: c(0), repeated: true });
  });
});

describe('a close', () => {
  it('gives back what the run holds, once', () => {
    const scene = new Scene(APRIL);
    scene.start('r', 8);
    scene.reserve('r', 'a', 20);
    expect(scene.close('r')).toEqual({ status: 'closed', charged: c(0), released: c(20) });
    expect(scene.available(1)).toBe('50');
    expect(scene.close('r')).toEqual({ status: 'closed', charged: c(0), released: c(0) });
    expect(scene.run('r').reservations).toEqual({});
  });

  it('of a run nobody knows is refused', () => {
    expect(new Scene(APRIL).close('nobody')).toMatchObject({ status: 'refused', reason: 'unknown-run' });
  });
});
