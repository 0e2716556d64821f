import { describe, expect, it } from '@jest/globals';
import { APRIL, c, Scene } from './scene';

const ENTERPRISE = { plan: 'enterprise' } as const;

describe('a pack', () => {
  it('keeps what was paid for it, and nothing is computed with it', () => {
    const scene = new Scene(APRIL, ENTERPRISE);
    const paid = { amount: '99.90', currency: 'EUR', reference: 'INV-1' };
    scene.do({
      kind: 'addCredits',
      team: 'acme',
      amount: c(100),
      expiresAt: null,
      note: 'spring',
      paid,
      ...scene.command(),
    });
    expect(scene.rows.grants.get(2)).toMatchObject({
      kind: 'purchased',
      granted: c(100),
      note: 'spring',
      paid,
    });
  });

  it('is used after what is included, soonest expiry first, and a charge over two is split exactly', () => {
    const scene = new Scene(APRIL, ENTERPRISE);
    scene.pack(10);
    scene.pack(10, '2026-09-01T00:00:00Z');
    scene.adjust(5, '2026-07-01T00:00:00Z');
    scene.start('r');
    expect(scene.charge('r', 'a', 503)).toEqual({ 'grant:1': '500', 'grant:4': '3' });
    expect(scene.charge('r', 'b', 7)).toEqual({ 'grant:4': '2', 'grant:3': '5' });
    expect(scene.charge('r', 'c', 8)).toEqual({ 'grant:3': '5', 'grant:2': '3' });
    expect(scene.charge('r', 'd', 9)).toEqual({ 'grant:2': '7', overdraft: '2' });
  });

  it('lasts until its expiry on any plan', () => {
    const scene = new Scene(APRIL, ENTERPRISE);
    scene.pack(30, '2026-06-15T00:00:00Z');
    scene.plan('free');
    scene.at('2026-05-01T00:00:00Z');
    expect(scene.rows.team.plan).toBe('free');
    expect(scene.pack(1)).toMatchObject({ status: 'refused', reason: 'not-on-plan' });
    scene.start('r');
    expect(scene.charge('r', 'a', 30)).toEqual({ 'grant:3': '25', 'grant:2': '5' });
    scene.close('r');
    scene.at('2026-06-14T23:59:59.999Z');
    expect(scene.available(2)).toBe('25');
    scene.at('2026-06-15T00:00:00Z');
    expect(scene.available(2)).toBe('0');
    scene.at('2026-07-01T00:00:00Z');
    expect(scene.statement(2)).toMatchObject({
      opening: c(25),
      granted: c(25),
      expired: c(50),
      closing: c(0),
    });
  });
});

describe('voiding a pack', () => {
  it('withdraws all of it, once', () => {
    const scene = new Scene(APRIL, ENTERPRISE);
    scene.pack(40);
    expect(scene.voidPack(2)).toEqual({ status: 'done', amount: c(40) });
    expect(scene.available(2)).toBe('0');
    expect(scene.rows.team.periodWithdrawn).toBe(c(40));
    expect(scene.voidPack(2)).toMatchObject({ status: 'refused', reason: 'unknown-pack' });
    scene.at('2026-05-01T00:00:00Z');
    expect(scene.statement(0)).toMatchObject({
      granted: c(540),
      withdrawn: c(40),
      expired: c(500),
      closing: c(0),
    });
  });

  it('is refused where some of it is used or held, and may be done when it is given back', () => {
    const scene = new Scene(APRIL, ENTERPRISE);
    scene.pack(40);
    scene.start('r', 501);
    expect(scene.voidPack(2)).toMatchObject({
      reason: 'pack-used',
      detail: { granted: '40000', available: '39000' },
    });
    scene.close('r');
    scene.start('s');
    scene.charge('s', 'a', 501);
    scene.close('s');
    expect(scene.voidPack(2)).toMatchObject({ reason: 'pack-used' });
    scene.reverse('s', 'a');
    expect(scene.voidPack(2)).toMatchObject({ status: 'done' });
  });

  it('is for packs alone', () => {
    const scene = new Scene(APRIL, ENTERPRISE);
    scene.adjust(5);
    for (const grant of [1, 2, 3]) {
      expect(scene.voidPack(grant)).toMatchObject({ status: 'refused', reason: 'unknown-pack' });
    }
  });
});
