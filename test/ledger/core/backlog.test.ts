import { describe, expect, it } from '@jest/globals';
import { type Admit } from '../../../src/ledger/core/operations';
import { APRIL, c, Scene } from './scene';

const SCHEDULED: Partial<Admit> = { context: { trigger: 'schedule', location: 'cloud' } };
const MINUTE = 60_000;

/** Everything is held: who comes now would have to wait. */
function dry(): Scene {
  const scene = new Scene(APRIL);
  scene.start('holder', 50);
  return scene;
}

/** What happened to whom, as the events tell it. */
function events(scene: Scene): string[] {
  return scene.rows.events.flatMap(({ kind, data }) =>
    'runId' in data ? [`${kind} ${data.runId}${'reason' in data ? ` ${data.reason}` : ''}`] : [],
  );
}

describe('runs that would have to wait', () => {
  it('wait, if nothing else is said, however many', () => {
    const scene = dry();
    for (let n = 1; n <= 30; n += 1) expect(scene.admit(`r${n}`)).toMatchObject({ place: n });
    expect(scene.rows.team).toMatchObject({ waiting: 30, waitingBy: { api: 30 } });
  });

  it('are refused where they shall not wait, and leave nothing behind', () => {
    const scene = dry();
    scene.backlog({ api: { policy: 'reject' } });
    const { entries, events: told } = scene.rows;
    const before = [entries.length, told.length, scene.rows.runs.size];
    expect(scene.admit('r')).toMatchObject({ status: 'refused', reason: 'no-credits' });
    expect([scene.rows.entries.length, scene.rows.events.length, scene.rows.runs.size]).toEqual(before);
    // A rule of a trigger is no other trigger's, and counts only where a run would have to wait.
    expect(scene.admit('s', 1, SCHEDULED)).toMatchObject({ status: 'waiting' });
    scene.payg(true);
    expect(scene.released()).toEqual(['s']);
    expect(scene.admit('r')).toMatchObject({ status: 'admitted' });
  });

  it('take the place up of those of the same flow and trigger, where the latest alone is kept', () => {
    const scene = dry();
    scene.backlog({ schedule: { policy: 'keep-latest' } });
    scene.admit('monday', 1, SCHEDULED);
    scene.admit('by hand');
    scene.admit('another flow', 1, { ...SCHEDULED, flow: 'another' });
    scene.admit('tuesday', 1, SCHEDULED);
    expect(scene.admit('wednesday', 1, SCHEDULED)).toMatchObject({ status: 'waiting', place: 3 });
    expect(scene.line).toEqual(['by hand', 'another flow', 'wednesday']);
    expect(scene.run('monday')).toMatchObject({ status: 'left', closeReason: 'superseded', tell: true });
    expect(events(scene)).toEqual(
      expect.arrayContaining(['run.left monday superseded', 'run.left tuesday superseded']),
    );
    scene.payg(true);
    expect(scene.released()).toEqual(['by hand', 'another flow', 'wednesday']);
  });

  it('are refused beyond the most that may wait, of that trigger', () => {
    const scene = dry();
    scene.backlog({ any: { mostWaiting: 2 } });
    scene.admit('a');
    scene.admit('b');
    expect(scene.admit('c')).toMatchObject({
      status: 'refused',
      reason: 'line-full',
      detail: { waiting: 2, mostWaiting: 2 },
    });
    expect(scene.admit('d', 1, SCHEDULED)).toMatchObject({ status: 'waiting', place: 3 });
    scene.close('a');
    expect(scene.admit('c')).toMatchObject({ status: 'waiting', place: 3 });
  });

  it('may replace their like where the most wait already', () => {
    const scene = dry();
    scene.backlog({ api: { policy: 'keep-latest', mostWaiting: 1 } });
    scene.admit('first');
    expect(scene.admit('second')).toMatchObject({ status: 'waiting', place: 1 });
    expect(scene.line).toEqual(['second']);
    expect(scene.admit('other', 1, { flow: 'another' })).toMatchObject({ reason: 'line-full' });
  });

  it('are told the longest they may wait, from when they asked', () => {
    const scene = dry();
    scene.backlog({ schedule: { longestWaitMs: 5 * MINUTE } });
    expect(scene.admit('s', 1, SCHEDULED)).toMatchObject({ longestWaitMs: 5 * MINUTE });
    expect(scene.admit('a')).toMatchObject({ longestWaitMs: null });
  });
});

describe('waiting runs that are discarded', () => {
  it('are those that match, first come first, and each is told', () => {
    const scene = dry();
    scene.admit('a');
    scene.admit('b', 1, SCHEDULED);
    scene.admit('c', 1, { ...SCHEDULED, flow: 'another' });
    scene.now += MINUTE;
    scene.admit('d', 1, SCHEDULED);
    expect(scene.discard({ trigger: 'schedule', before: scene.now, most: 1 })).toEqual({
      status: 'done',
      discarded: 1,
      more: true,
    });
    expect(scene.run('b')).toMatchObject({ status: 'left', closeReason: 'discarded', tell: true });
    expect(scene.discard({ flow: 'another' })).toEqual({ status: 'done', discarded: 1, more: false });
    expect(scene.discard({ runIds: ['d', 'nobody'] })).toMatchObject({ discarded: 1 });
    expect(scene.line).toEqual(['a']);
    expect(scene.rows.entries.filter(({ kind }) => kind === 'discard').map(({ reason }) => reason)).toEqual(
      Array.from({ length: 3 }, () => '1 waiting run discarded: old'),
    );
  });

  it('never are runs that hold or are done', () => {
    const scene = dry();
    expect(scene.discard({ runIds: ['holder'] })).toMatchObject({ discarded: 0 });
    expect(scene.run('holder')).toMatchObject({ status: 'admitted' });
    expect(scene.held('holder')).toBe('50');
  });

  it('are discarded once by a request, however many come later', () => {
    const scene = dry();
    scene.admit('a');
    const op = {
      kind: 'discardWaiting',
      team: 'acme',
      flow: null,
      trigger: null,
      before: null,
      runIds: null,
      most: 10,
      reason: 'old',
      requestId: 'once',
      actor: 'olga',
    } as const;
    const first = scene.do(op);
    scene.admit('b');
    expect(scene.do(op)).toEqual(first);
    expect(scene.line).toEqual(['b']);
  });
});

describe('the line of a team that', () => {
  it('is suspended stays as it is, and goes when the team is active again', () => {
    const scene = dry();
    scene.admit('a');
    scene.status('suspended');
    scene.payg(true);
    expect(scene.released()).toEqual([]);
    expect(scene.admit('b')).toMatchObject({ reason: 'team-suspended' });
    // What is in flight goes on, and is charged.
    expect(scene.charge('holder', 'x', 50)).toEqual({ 'grant:1': '50' });
    scene.status('active');
    expect(scene.rows.team.wake).toBe(true);
    expect(scene.released()).toEqual(['a']);
  });

  it('is closed is put out, and each run is told', () => {
    const scene = dry();
    scene.admit('a');
    scene.admit('b');
    scene.status('closed');
    expect(scene.rows.team.wake).toBe(true);
    expect(scene.release(1)).toMatchObject({ runs: [], stillWaiting: 1, more: true });
    expect(scene.release()).toMatchObject({ runs: [], stillWaiting: 0, more: false });
    for (const run of ['a', 'b']) {
      expect(scene.run(run)).toMatchObject({ status: 'left', closeReason: 'team-closed', tell: true });
    }
    expect(scene.admit('c')).toMatchObject({ reason: 'team-closed' });
    scene.close('holder');
    expect(scene.available(1)).toBe('50');
  });

  it('has lost the private runner puts its private runs out, and lets the others go', () => {
    const scene = new Scene(APRIL, { plan: 'enterprise' });
    const onPrivate: Partial<Admit> = { context: { trigger: 'api', location: 'private-runner' } };
    scene.start('holder', 500, onPrivate);
    scene.admit('private', 1, onPrivate);
    scene.admit('cloud');
    scene.plan('solo');
    scene.at('2026-05-01T00:00:00Z');
    expect(scene.released()).toEqual(['cloud']);
    expect(scene.run('private')).toMatchObject({ status: 'left', closeReason: 'not-on-plan', tell: true });
    expect(scene.admit('again', 1, onPrivate)).toMatchObject({ status: 'refused', reason: 'not-on-plan' });
    expect(scene.rows.team.periodIncluded).toBe(c(50));
  });
});
