import { describe, expect, it } from '@jest/globals';
import { APRIL, Scene } from './scene';

const WINDOW = { size: 2, patienceMs: 10_000 };

/** Five runs wait, and pay-as-you-go has just been turned on. */
function released(): Scene {
  const scene = new Scene(APRIL);
  scene.start('holder', 50);
  for (const run of ['a', 'b', 'c', 'd', 'e']) scene.admit(run);
  scene.payg(true);
  return scene;
}

function ids(result: ReturnType<Scene['release']>): string[] {
  return result.status === 'released' ? result.runs.map(({ runId }) => runId) : [];
}

describe('the window of releases', () => {
  it('lets so many go at a time, and is full until one of them is heard of', () => {
    const scene = released();
    const first = scene.release(100, WINDOW);
    expect(ids(first)).toEqual(['a', 'b']);
    expect(first).toMatchObject({ stillWaiting: 3, more: true, windowFull: true });
    expect(scene.release(100, WINDOW)).toMatchObject({ runs: [], more: true, windowFull: true });
    scene.reserve('b', 'x', 1);
    expect(ids(scene.release(100, WINDOW))).toEqual(['c']);
    scene.close('a');
    scene.commit('c', 'x', 1);
    expect(ids(scene.release(100, WINDOW))).toEqual(['d', 'e']);
    expect(scene.rows.team).toMatchObject({ waiting: 0, wake: false });
  });

  it('does not wait for ever for runs that have nothing to tell', () => {
    const scene = released();
    scene.release(100, WINDOW);
    scene.now += WINDOW.patienceMs - 1;
    expect(ids(scene.release(100, WINDOW))).toEqual([]);
    scene.now += 1;
    expect(ids(scene.release(100, WINDOW))).toEqual(['c', 'd']);
    expect(scene.run('a').starting).toBe(false);
  });

  it('counts those told as unheard of: a signal is not an answer', () => {
    const scene = released();
    scene.release(100, WINDOW);
    scene.do({ kind: 'told', team: 'acme', runIds: ['a', 'b', 'nobody'] });
    expect(scene.run('a')).toMatchObject({ tell: false, starting: true });
    expect(ids(scene.release(100, WINDOW))).toEqual([]);
  });

  it('is not in the way of who is put out of the line, nor of who asks by itself', () => {
    const scene = released();
    scene.release(100, WINDOW);
    expect(scene.admit('c')).toMatchObject({ status: 'admitted' });
    expect(scene.run('c').starting).toBe(false);
    scene.status('closed');
    expect(scene.release(100, WINDOW)).toMatchObject({ runs: [], stillWaiting: 0, windowFull: false });
    expect(scene.run('e')).toMatchObject({ status: 'left', closeReason: 'team-closed' });
  });

  it('without one everybody goes who may', () => {
    const scene = released();
    expect(scene.released()).toEqual(['a', 'b', 'c', 'd', 'e']);
  });
});
