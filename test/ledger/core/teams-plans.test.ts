import { describe, expect, it } from '@jest/globals';
import { type UpsertTeam } from '../../../src/ledger/core/operations';
import { APRIL, c, Scene } from './scene';

const MAY = '2026-05-01T00:00:00Z';

function upsert(scene: Scene, more: Partial<UpsertTeam> = {}): unknown {
  return scene.do({
    kind: 'upsertTeam',
    team: 'acme',
    plan: 'solo',
    anchor: '2026-04-01T00:00:00',
    timeZone: 'UTC',
    ...more,
  });
}

describe('a team', () => {
  it('starts in the period of its anchor that contains now, however long ago the anchor is', () => {
    const scene = new Scene(APRIL, { anchor: '2019-05-31T00:00:00', openingBalance: c(7) });
    expect(scene.rows.team.period).toEqual({
      index: 82,
      start: Date.parse('2026-03-31T00:00:00Z'),
      end: Date.parse('2026-04-30T00:00:00Z'),
    });
    expect([scene.available(1), scene.available(2)]).toEqual(['50', '7']);
    scene.at(MAY);
    expect(scene.statement(82)).toMatchObject({ opening: 0n, granted: c(57), expired: c(57) });
  });

  it('with an anchor ahead is in a period before it', () => {
    const scene = new Scene(APRIL, { anchor: '2026-04-15T00:00:00' });
    expect(scene.rows.team.period).toMatchObject({ index: -1, end: Date.parse('2026-04-15T00:00:00Z') });
    scene.at('2026-04-15T00:00:00Z');
    expect(scene.rows.team.period.index).toBe(0);
  });

  it('created again with the same values is unchanged, opening balance and all', () => {
    const scene = new Scene(APRIL, { openingBalance: c(7) });
    const entries = scene.rows.entries.length;
    expect(upsert(scene, { openingBalance: c(9) })).toEqual({ status: 'unchanged' });
    expect(scene.rows.entries.length).toBe(entries);
  });

  it('takes changed settings, and keeps what is left out', () => {
    const scene = new Scene(APRIL, { runLimit: c(9) });
    expect(upsert(scene, { overdraftPolicy: 'carry' })).toEqual({ status: 'updated' });
    expect(scene.rows.team).toMatchObject({ overdraftPolicy: 'carry', runLimit: c(9) });
    expect(upsert(scene, { runLimit: null })).toEqual({ status: 'updated' });
    expect(scene.rows.team).toMatchObject({ overdraftPolicy: 'carry', runLimit: null });
  });

  it('put under a request id is put once, and every entry of it has the id', () => {
    const scene = new Scene(APRIL);
    const by = { actor: 'olga', requestId: 'q1' };
    expect(upsert(scene, { ...by, plan: 'team', runLimit: c(9) })).toEqual({ status: 'updated' });
    expect(upsert(scene, { plan: 'team', runLimit: c(8) })).toEqual({ status: 'updated' });
    // Repeated, as by somebody who did not hear the answer: nothing of what came since is undone.
    expect(upsert(scene, { ...by, plan: 'team', runLimit: c(9) })).toEqual({ status: 'updated' });
    expect(scene.rows.team).toMatchObject({ plan: 'team', runLimit: c(8) });
    expect(upsert(scene, { ...by, plan: 'team', runLimit: c(7) })).toMatchObject({
      status: 'refused',
      reason: 'request-conflict',
    });
    const settings = scene.rows.entries.filter(({ kind }) => kind === 'setting').slice(1);
    expect(settings.map(({ requestId, reason }) => [requestId, reason])).toEqual([
      ['q1', 'settings'],
      ['q1', 'plan team'],
      [null, 'settings'],
    ]);
  });

  it('created under a request id is created once', () => {
    const scene = new Scene(APRIL);
    const create = (more: Partial<UpsertTeam> = {}): unknown =>
      upsert(scene, { team: 'new', actor: 'olga', requestId: 'q1', openingBalance: c(7), ...more });
    expect(create()).toEqual({ status: 'created' });
    expect(create()).toEqual({ status: 'created' });
    expect(create({ plan: 'team' })).toMatchObject({ reason: 'request-conflict' });
  });

  it('keeps its anchor and zone', () => {
    const scene = new Scene(APRIL);
    expect(upsert(scene, { timeZone: 'Europe/Paris' })).toMatchObject({
      status: 'refused',
      reason: 'invalid',
    });
    expect(upsert(scene, { anchor: '2026-04-02T00:00:00' })).toMatchObject({ reason: 'invalid' });
  });

  it('follows the rules of a plan change when its plan changes', () => {
    const scene = new Scene(APRIL);
    expect(upsert(scene, { plan: 'team' })).toEqual({ status: 'updated' });
    expect(scene.available(1)).toBe('100');
    expect(upsert(scene, { plan: 'free' })).toEqual({ status: 'updated' });
    expect(upsert(scene, { plan: 'free' })).toEqual({ status: 'unchanged' });
    expect(scene.rows.team).toMatchObject({ plan: 'team', nextPlan: 'free' });
    // The plan it is on, told again by a platform, does not take an operator's downgrade back.
    expect(upsert(scene, { plan: 'team' })).toEqual({ status: 'unchanged' });
    expect(scene.rows.team.nextPlan).toBe('free');
  });

  it('is refused with an unknown plan, a bad anchor, or an allowance its plan does not know', () => {
    const scene = new Scene(APRIL);
    const create = (more: Partial<UpsertTeam>): unknown => {
      const op = {
        kind: 'upsertTeam',
        team: 'new',
        plan: 'solo',
        anchor: '2026-04-01T00:00:00',
        timeZone: 'UTC',
        ...more,
      } as const;
      return scene.ledger.submit(op, APRIL);
    };
    expect(create({ plan: 'gold' })).toMatchObject({ reason: 'unknown-plan' });
    expect(create({ anchor: 'yesterday' })).toMatchObject({ reason: 'invalid' });
    expect(create({ timeZone: 'Mars/Olympus' })).toMatchObject({ reason: 'invalid' });
    expect(create({ customIncluded: c(9) })).toMatchObject({ reason: 'not-on-plan' });
    expect(create({ openingBalance: c(-9) })).toMatchObject({ reason: 'invalid' });
    expect(scene.ledger.team('new')).toBeUndefined();
  });

  it('on Enterprise may have its own allowance: more counts at once, less at the next reset', () => {
    const scene = new Scene(APRIL, { plan: 'enterprise' });
    expect(scene.available(1)).toBe('500');
    upsert(scene, { plan: 'enterprise', customIncluded: c(800) });
    expect(scene.available(1)).toBe('800');
    upsert(scene, { plan: 'enterprise', customIncluded: c(600) });
    expect(scene.available(1)).toBe('800');
    scene.at(MAY);
    expect(scene.available(2)).toBe('600');
  });

  it('that is closed is granted nothing any more, but its periods go on', () => {
    const scene = new Scene(APRIL);
    scene.start('r', 5);
    scene.status('closed');
    scene.at(MAY);
    expect(scene.rows.team.period.index).toBe(1);
    expect(scene.rows.grants.size).toBe(1);
    expect(scene.charge('r', 'x', 6)).toEqual({ 'grant:1': '5', overdraft: '1' });
    expect(scene.payg(true)).toMatchObject({ reason: 'team-closed' });
    expect(scene.adjust(5)).toMatchObject({ reason: 'team-closed' });
    expect(scene.plan('team')).toMatchObject({ reason: 'team-closed' });
  });
});

describe('a plan change', () => {
  it('up counts at once and lets waiting runs go', () => {
    const scene = new Scene(APRIL, { plan: 'free' });
    scene.start('a', 25);
    scene.admit('b', 25);
    expect(scene.plan('solo')).toEqual({ status: 'done', counts: 'now', granted: c(25) });
    expect(scene.rows.team.wake).toBe(true);
    expect(scene.released()).toEqual(['b']);
  });

  it('down counts at the next reset', () => {
    const scene = new Scene(APRIL, { plan: 'team' });
    expect(scene.plan('solo')).toEqual({ status: 'done', counts: 'next-reset', granted: 0n });
    expect([scene.rows.team.plan, scene.available(1)]).toEqual(['team', '100']);
    scene.at(MAY);
    expect([scene.rows.team.plan, scene.rows.team.nextPlan, scene.available(2)]).toEqual([
      'solo',
      null,
      '50',
    ]);
    expect(scene.statement(0).plan).toBe('team');
  });

  it('down and up again grants nothing twice', () => {
    const scene = new Scene(APRIL, { plan: 'team' });
    scene.plan('free');
    expect(scene.plan('solo')).toMatchObject({ counts: 'next-reset' });
    expect(scene.plan('team')).toEqual({ status: 'done', counts: 'now', granted: 0n });
    expect(scene.rows.team.nextPlan).toBeNull();
    expect(scene.plan('enterprise')).toMatchObject({ granted: c(400) });
    scene.plan('team');
    expect(scene.plan('enterprise')).toMatchObject({ granted: 0n });
    expect(scene.available(1)).toBe('500');
  });

  it('to a plan without PAYG ends it at the reset; what is held is still charged', () => {
    const scene = new Scene(APRIL);
    scene.payg(true);
    scene.start('r', 60);
    scene.plan('free');
    expect(scene.rows.team.payg.enabled).toBe(true);
    scene.at(MAY);
    expect(scene.rows.team.payg).toEqual({ enabled: false, cap: null });
    expect(scene.charge('r', 'x', 90)).toEqual({
      'grant:1': '50',
      'grant:2': '25',
      payg: '10',
      overdraft: '5',
    });
    scene.plan('solo');
    expect(scene.rows.team.payg.enabled).toBe(false);
  });

  it('to an unknown plan is refused', () => {
    expect(new Scene(APRIL).plan('gold')).toMatchObject({ status: 'refused', reason: 'unknown-plan' });
  });
});

describe('a request', () => {
  it('is done once: the same payload again gets the first answer', () => {
    const scene = new Scene(APRIL, { plan: 'enterprise' });
    const op = {
      kind: 'addCredits',
      team: 'acme',
      amount: c(5),
      expiresAt: null,
      note: null,
      requestId: 'q',
      actor: 'olga',
    } as const;
    expect(scene.do(op)).toEqual({ status: 'done', grant: 2 });
    scene.at(MAY);
    expect(scene.do(op)).toEqual({ status: 'done', grant: 2 });
    expect(scene.rows.grants.size).toBe(3);
    const reordered = {
      actor: 'olga',
      note: null,
      expiresAt: null,
      amount: c(5),
      requestId: 'q',
      team: 'acme',
      kind: 'addCredits',
    } as const;
    expect(scene.do(reordered)).toEqual({ status: 'done', grant: 2 });
  });

  it('id with another payload is a conflict and changes nothing', () => {
    const scene = new Scene(APRIL, { plan: 'enterprise' });
    const op = {
      kind: 'addCredits',
      team: 'acme',
      amount: c(5),
      expiresAt: null,
      note: null,
      requestId: 'q',
      actor: 'olga',
    } as const;
    scene.do(op);
    const conflict = { status: 'refused', reason: 'request-conflict' };
    expect(scene.do({ ...op, amount: c(6) })).toMatchObject(conflict);
    expect(scene.do({ ...op, actor: 'otto' })).toMatchObject(conflict);
    const other = {
      kind: 'setPayg',
      team: 'acme',
      enabled: true,
      cap: null,
      requestId: 'q',
      actor: 'olga',
    } as const;
    expect(scene.do(other)).toMatchObject(conflict);
    expect(scene.rows.team.payg.enabled).toBe(false);
  });

  it('that was refused may succeed later under the same id', () => {
    const scene = new Scene(APRIL, { plan: 'free' });
    const op = {
      kind: 'setPayg',
      team: 'acme',
      enabled: true,
      cap: null,
      requestId: 'q',
      actor: 'olga',
    } as const;
    expect(scene.do(op)).toMatchObject({ status: 'refused' });
    scene.plan('solo');
    expect(scene.do(op)).toMatchObject({ status: 'done' });
  });

  it('answers amounts and parts as it did the first time', () => {
    const scene = new Scene(APRIL);
    scene.start('r');
    scene.charge('r', 'x', 60);
    const op = {
      kind: 'reverseCharge',
      team: 'acme',
      runId: 'r',
      key: 'x',
      reason: 'wrong',
      requestId: 'q',
      actor: 'olga',
    } as const;
    const first = scene.do(op);
    expect(first).toMatchObject({ status: 'reversed', amount: c(60) });
    expect(scene.do(op)).toEqual(first);
  });
});
