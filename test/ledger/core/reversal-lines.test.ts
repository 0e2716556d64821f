import { describe, expect, it } from '@jest/globals';
import { APRIL, c, Scene } from './scene';

/** A run with a charge `a` of 9 credits, in lines of 3 and 6, and one `b` of 6, in lines of 2 and 4. */
function charged(): Scene {
  const scene = new Scene(APRIL);
  scene.start('r');
  scene.charge('r', 'a', 9);
  scene.charge('r', 'b', 6);
  scene.close('r');
  return scene;
}

describe('a reversal of one line', () => {
  it('gives its credits back, once, and the rest may follow', () => {
    const scene = charged();
    expect(scene.reversed('r', 'a', 1)).toEqual({ 'grant:1': '6' });
    expect(scene.available(1)).toBe('41');
    expect(scene.reverse('r', 'a', 1)).toMatchObject({ status: 'refused', reason: 'already-reversed' });
    expect(scene.reversed('r', 'a')).toEqual({ 'grant:1': '3' });
    expect(scene.available(1)).toBe('44');
    for (const line of [undefined, 0, 1]) {
      expect(scene.reverse('r', 'a', line)).toMatchObject({ reason: 'already-reversed' });
    }
    // The run's total stays what was charged: a reversal is an entry of its own.
    expect(scene.run('r').charged).toBe(c(15));
  });

  it('after another line leaves nothing for the whole', () => {
    const scene = charged();
    scene.reverse('r', 'a', 0);
    scene.reverse('r', 'a', 1);
    expect(scene.reverse('r', 'a')).toMatchObject({ reason: 'already-reversed' });
  });

  it('is refused where there is no such line', () => {
    const scene = charged();
    expect(scene.reverse('r', 'a', 2)).toMatchObject({ reason: 'unknown-line', detail: { lines: 2 } });
    expect(scene.reverse('r', 'none', 0)).toMatchObject({ reason: 'unknown-charge' });
  });

  it('undoes the last source that was used first', () => {
    const scene = new Scene(APRIL);
    scene.start('r');
    scene.charge('r', 'most', 45);
    scene.payg(true);
    expect(scene.charge('r', 'a', 9)).toEqual({ 'grant:1': '5', payg: '4' });
    expect(scene.reversed('r', 'a', 0)).toEqual({ payg: '3' });
    expect(scene.reversed('r', 'a', 1)).toEqual({ payg: '1', 'grant:1': '5' });
    expect(scene.rows.team).toMatchObject({ paygCharged: c(0) });
  });

  it('before the close and of the rest after it: money once, on the statement of its time', () => {
    const scene = new Scene(APRIL);
    scene.start('r');
    scene.charge('r', 'most', 50);
    scene.payg(true);
    scene.charge('r', 'a', 9);
    scene.close('r');
    scene.reverse('r', 'a', 0);
    scene.at('2026-05-02T00:00:00Z');
    expect(scene.statement(0)).toMatchObject({ payg: c(6), paygReversed: c(0) });
    scene.reverse('r', 'a');
    scene.at('2026-06-02T00:00:00Z');
    expect(scene.statement(0)).toMatchObject({ payg: c(6) });
    expect(scene.statement(1)).toMatchObject({ payg: c(0), paygReversed: c(6) });
  });

  it('of included credits after the close expires', () => {
    const scene = charged();
    scene.at('2026-05-02T00:00:00Z');
    scene.reverse('r', 'a', 0);
    expect(scene.available(1)).toBe('0');
    scene.at('2026-06-02T00:00:00Z');
    expect(scene.statement(1)).toMatchObject({ charged: c(-3), expired: c(53), closing: c(0) });
  });
});

describe('a reversal of a run', () => {
  it('reverses what is left of each of its charges, by an entry of its own, once', () => {
    const scene = charged();
    scene.start('other');
    scene.charge('other', 'a', 1);
    scene.reverse('r', 'a', 0);
    expect(scene.reverseRun('r')).toEqual({ status: 'reversed', amount: c(12), charges: 2 });
    const reversals = scene.rows.entries.filter(({ kind }) => kind === 'reversal');
    expect(reversals.map(({ key, amount, line }) => [key, amount, line])).toEqual([
      ['a', c(3), 0],
      ['a', c(6), null],
      ['b', c(6), null],
    ]);
    expect(scene.reverseRun('r')).toMatchObject({ reason: 'already-reversed' });
    expect(scene.reverseRun('nobody')).toMatchObject({ reason: 'unknown-run' });
    expect(scene.run('other').charged).toBe(c(1));
  });

  it('lets waiting runs go with what comes back', () => {
    const scene = charged();
    scene.start('s', 35);
    scene.admit('waits');
    scene.reverseRun('r');
    expect(scene.rows.team.wake).toBe(true);
    expect(scene.released()).toEqual(['waits']);
  });
});

describe('what runs held over the boundary', () => {
  it('is resolved on the next statements: charged, returned, or held still', () => {
    const scene = new Scene(APRIL);
    scene.start('spends', 10);
    scene.start('returns', 5);
    scene.start('holds', 3);
    scene.at('2026-05-02T00:00:00Z');
    expect(scene.statement(0)).toMatchObject({ heldOverOut: c(18), expired: c(32) });
    scene.charge('spends', 'a', 8);
    scene.close('spends');
    scene.close('returns');
    scene.at('2026-06-02T00:00:00Z');
    const may = scene.statement(1);
    expect(may).toMatchObject({ heldOverIn: c(18), heldOverCharged: c(8), heldOverReturned: c(7) });
    expect(may.heldOverIn).toBe(may.heldOverCharged + may.heldOverReturned + may.heldOverOut);
    scene.close('holds');
    scene.at('2026-07-02T00:00:00Z');
    expect(scene.statement(2)).toMatchObject({
      heldOverIn: c(3),
      heldOverCharged: c(0),
      heldOverReturned: c(3),
      heldOverOut: c(0),
    });
  });
});
