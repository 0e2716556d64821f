import { describe, expect, it } from '@jest/globals';
import { type Quote } from '../../../src/ledger/core/operations';
import { APRIL, c, Scene } from './scene';

const quote = (rateCard: string, from: string, more: Partial<Quote> = {}): Quote => ({
  rateCard,
  inForceFrom: Date.parse(from),
  requiresCredits: true,
  least: c(1),
  likely: c(1),
  ...more,
});

const freeQuote = quote('card', '2026-01-01T00:00:00Z', { requiresCredits: false, least: c(0) });

describe('admission', () => {
  it('holds the least estimate', () => {
    const scene = new Scene(APRIL);
    expect(scene.admit('r', 8)).toEqual({
      status: 'admitted',
      rateCard: 'card',
      held: c(8),
      wouldHaveWaited: false,
    });
    expect(scene.available(1)).toBe('42');
  });

  it('holds at least one credit', () => {
    const scene = new Scene(APRIL);
    scene.start('r', 0);
    expect(scene.held('r')).toBe('1');
  });

  it('cuts the hold to what is spendable, PAYG headroom included', () => {
    const scene = new Scene(APRIL);
    scene.start('a', 45);
    scene.payg(true, 0.002);
    scene.start('b', 30);
    expect(scene.holds('b')).toEqual({ 'grant:1': '5', payg: '2' });
  });

  it('admits exactly one of fifty runs with one credit left; the others wait in order', () => {
    const scene = new Scene(APRIL);
    scene.start('spender');
    scene.charge('spender', 'a', 49);
    scene.close('spender');
    const answers = Array.from({ length: 50 }, (_, i) => scene.admit(`r${i}`));
    expect(answers[0]).toMatchObject({ status: 'admitted', held: c(1) });
    expect(answers.slice(1).map((answer) => ('place' in answer ? answer.place : answer))).toEqual(
      Array.from({ length: 49 }, (_, i) => i + 1),
    );
    scene.payg(true);
    expect(scene.released()).toEqual(Array.from({ length: 49 }, (_, i) => `r${i + 1}`));
  });

  it('tells why a run waits and until when', () => {
    const scene = new Scene(APRIL);
    scene.start('a', 50);
    const waiting = {
      status: 'waiting',
      rateCard: 'card',
      place: 1,
      nextReset: Date.parse('2026-05-01T00:00:00Z'),
      longestWaitMs: null,
    };
    expect(scene.admit('b')).toEqual({ ...waiting, reason: 'held' });
    scene.charge('a', 'x', 50);
    expect(scene.admit('b')).toEqual({ ...waiting, reason: 'spent' });
  });

  it('lets nobody overtake the line, even where something is spendable', () => {
    const scene = new Scene(APRIL);
    scene.start('a', 50);
    scene.admit('b');
    scene.close('a');
    expect(scene.admit('c')).toMatchObject({ status: 'waiting', place: 2, reason: 'held' });
    expect(scene.admit('c')).toMatchObject({ status: 'waiting', place: 2 });
    // The first of the line goes when it asks again.
    expect(scene.admit('b')).toMatchObject({ status: 'admitted' });
    expect(scene.run('b').tell).toBe(false);
    expect(scene.admit('c')).toMatchObject({ status: 'admitted' });
  });

  it('admits a run that requires no credits at once, always, and charges it nothing', () => {
    const scene = new Scene(APRIL);
    scene.start('a', 50);
    scene.admit('waits');
    scene.start('free', 1, { quotes: [freeQuote] });
    expect(scene.holds('free')).toEqual({});
    expect(scene.reserve('free', 'x', 0)).toMatchObject({ status: 'reserved' });
    expect(scene.commit('free', 'x', 0)).toMatchObject({ status: 'charged', amount: c(0) });
    expect(scene.reserve('free', 'y', 1)).toMatchObject({ status: 'refused', reason: 'not-metered' });
    expect(scene.commit('free', 'y', 1)).toMatchObject({ status: 'refused', reason: 'not-metered' });
  });

  it('pins the rate card in force at the ledger’s time, from its very instant', () => {
    const quotes = [
      quote('old', '2025-01-01T00:00:00Z', { least: c(2) }),
      quote('new', '2026-04-02T00:00:00Z'),
    ];
    const scene = new Scene(Date.parse('2026-04-01T23:59:59.999Z'));
    expect(scene.admit('a', 1, { quotes })).toMatchObject({ rateCard: 'old', held: c(2) });
    scene.now += 1;
    expect(scene.admit('b', 1, { quotes })).toMatchObject({ rateCard: 'new', held: c(1) });
    expect(scene.admit('a', 1, { quotes: [quote('new', '2026-04-02T00:00:00Z')] })).toMatchObject({
      rateCard: 'old',
    });
    const future = [quote('next', '2027-01-01T00:00:00Z')];
    expect(scene.admit('c', 1, { quotes: future })).toMatchObject({
      status: 'refused',
      reason: 'no-rate-card',
    });
  });

  it('answers a run that asks again with what holds now', () => {
    const scene = new Scene(APRIL);
    const first = scene.admit('a', 3);
    expect(scene.admit('a', 7)).toEqual(first);
    scene.close('a');
    expect(scene.admit('a')).toEqual({ status: 'closed', reason: 'completed' });
  });

  it('observes without holding back: meters, and notes who would have waited', () => {
    const scene = new Scene(APRIL);
    scene.start('a', 50);
    expect(scene.admit('b', 5, { mode: 'observe' })).toEqual({
      status: 'admitted',
      rateCard: 'card',
      held: c(0),
      wouldHaveWaited: true,
    });
    expect(scene.charge('b', 'x', 5)).toEqual({ overdraft: '5' });
    scene.close('a');
    expect(scene.admit('c', 5, { mode: 'observe' })).toMatchObject({ held: c(5), wouldHaveWaited: false });
  });

  it('takes nothing from the line for an observed run', () => {
    const scene = new Scene(APRIL);
    scene.start('a', 50);
    scene.admit('waits');
    scene.close('a');
    expect(scene.admit('b', 5, { mode: 'observe' })).toMatchObject({ held: c(0), wouldHaveWaited: true });
  });

  it('refuses an unknown, a suspended and a closed team by name', () => {
    const scene = new Scene(APRIL);
    const op = {
      kind: 'admit',
      team: 'nobody',
      runId: 'r',
      workflowId: 'w',
      executionId: 'e',
      flow: 'f',
      flowHash: 'h',
      context: { trigger: 'api', location: 'cloud' },
      mode: 'enforce',
      quotes: [freeQuote],
      limit: null,
    } as const;
    expect(scene.ledger.submit(op, APRIL)).toMatchObject({
      reason: 'unknown-team',
      message: expect.stringContaining('"nobody"'),
    });
    scene.start('before');
    scene.status('suspended');
    expect(scene.admit('r')).toMatchObject({ status: 'refused', reason: 'team-suspended' });
    expect(scene.admit('r', 1, { quotes: [freeQuote] })).toMatchObject({ reason: 'team-suspended' });
    // What is in flight goes on.
    expect(scene.charge('before', 'x', 4)).toEqual({ 'grant:1': '4' });
    scene.status('closed');
    expect(scene.admit('r')).toMatchObject({ status: 'refused', reason: 'team-closed' });
    expect(scene.charge('before', 'y', 4)).toEqual({ 'grant:1': '4' });
    expect(scene.status('active')).toMatchObject({ status: 'refused', reason: 'team-closed' });
  });
});

describe('the line', () => {
  it('is released in order, each run with its hold, until nothing is spendable', () => {
    const scene = new Scene(APRIL);
    scene.start('a', 50);
    for (const run of ['b', 'c', 'd']) scene.admit(run, 20);
    expect(scene.rows.team.wake).toBe(false);
    scene.close('a');
    expect(scene.rows.team.wake).toBe(true);
    const result = scene.release(2);
    expect(result).toEqual({
      status: 'released',
      runs: [
        { runId: 'b', workflowId: 'w-b', held: c(20) },
        { runId: 'c', workflowId: 'w-c', held: c(20) },
      ],
      stillWaiting: 1,
      windowFull: false,
      more: true,
    });
    expect(scene.release()).toMatchObject({
      runs: [{ runId: 'd', held: c(10) }],
      stillWaiting: 0,
      more: false,
    });
    expect(scene.rows.team.wake).toBe(false);
    expect(scene.run('b').tell).toBe(true);
    scene.do({ kind: 'told', team: 'acme', runIds: ['b', 'nobody'] });
    expect([scene.run('b').tell, scene.run('c').tell]).toEqual([false, true]);
  });

  it('is left by who cancels, and everybody behind moves up', () => {
    const scene = new Scene(APRIL);
    scene.start('a', 50);
    for (const run of ['b', 'c', 'd']) scene.admit(run);
    expect(scene.do({ kind: 'leave', team: 'acme', runId: 'b', reason: 'cancelled' })).toEqual({
      status: 'left',
    });
    expect(scene.admit('d')).toMatchObject({ place: 2 });
    expect(scene.do({ kind: 'leave', team: 'acme', runId: 'b', reason: 'gone' })).toEqual({ status: 'left' });
    expect(scene.admit('b')).toEqual({ status: 'left', reason: 'cancelled' });
    expect(scene.close('c')).toMatchObject({ status: 'left', charged: c(0), released: c(0) });
    scene.close('a');
    expect(scene.released()).toEqual(['d']);
    expect(scene.do({ kind: 'leave', team: 'acme', runId: 'd', reason: 'timed-out' })).toMatchObject({
      status: 'admitted',
    });
  });

  it('stands still while the team is suspended, and goes on afterwards', () => {
    const scene = new Scene(APRIL);
    scene.start('a', 50);
    scene.admit('b');
    scene.status('suspended');
    scene.close('a');
    expect(scene.rows.team.wake).toBe(false);
    expect(scene.released()).toEqual([]);
    expect(scene.admit('b')).toMatchObject({ status: 'waiting' });
    scene.status('active');
    expect(scene.rows.team.wake).toBe(true);
    expect(scene.released()).toEqual(['b']);
  });
});
