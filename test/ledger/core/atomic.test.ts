import { describe, expect, it } from '@jest/globals';
import { MemoryLedger } from '../../../src/ledger/core';
import { type Commit, type Operation } from '../../../src/ledger/core/operations';
import { Overlay } from '../../../src/ledger/core/overlay';
import { type Rules } from '../../../src/ledger/core/types';
import { detailOf } from './arbitrary-operations';
import { rowsAsText } from './rows';
import { TEST_RULES } from './rules';
import { APRIL, c } from './scene';

describe('an overlay', () => {
  it('takes back what was set since the mark, down to what was set before it', () => {
    const base = new Map([['a', 1]]);
    const overlay = new Overlay(base);
    overlay.set('a', 2);
    overlay.mark();
    overlay.set('a', 3);
    overlay.set('a', 4);
    overlay.set('b', 5);
    overlay.rollback();
    expect([overlay.get('a'), overlay.get('b')]).toEqual([2, undefined]);
    expect(overlay.changes()).toEqual([2]);
    expect([...base]).toEqual([['a', 1]]);
  });
});

/** Rules that throw at their n-th question, once. */
class FailingRules implements Rules {
  private asked = 0;

  constructor(private readonly failing: number) {}

  plan(...args: Parameters<Rules['plan']>): ReturnType<Rules['plan']> {
    this.asked += 1;
    if (this.asked === this.failing) throw new Error('the plan file is broken');
    return TEST_RULES.plan(...args);
  }
}

function commit(key: string, amount: number): Commit {
  return { kind: 'commit', team: 'acme', runId: 'r', key, amount: c(amount), detail: detailOf(c(amount)) };
}

/** One batch: each operation meets rows that those before it changed. */
const BATCH: readonly Operation[] = [
  { kind: 'upsertTeam', team: 'acme', plan: 'solo', anchor: '2026-04-01T00:00:00', timeZone: 'UTC' },
  { kind: 'setPayg', team: 'acme', enabled: true, cap: null, requestId: 'on', actor: 'olga' },
  {
    kind: 'admit',
    team: 'acme',
    runId: 'r',
    workflowId: 'w',
    executionId: 'e',
    flow: 'f',
    flowHash: 'h',
    context: { trigger: 'api', location: 'cloud' },
    mode: 'enforce',
    quotes: [{ rateCard: 'card', inForceFrom: 0, requiresCredits: true, least: c(5), likely: c(5) }],
    limit: null,
  },
  commit('a', 10),
  commit('b', 60),
  { kind: 'reserve', team: 'acme', runId: 'r', key: 'c', amount: c(70) },
  { kind: 'changePlan', team: 'acme', plan: 'team', requestId: 'up', actor: 'olga' },
  commit('c', 90),
  { kind: 'close', team: 'acme', runId: 'r', reason: 'completed' },
];

describe('an operation that throws', () => {
  it('leaves no trace, wherever in it that happens; the others come to the same without it', () => {
    const struck = new Set<string>();
    for (let question = 1; ; question += 1) {
      const disturbed = new MemoryLedger(new FailingRules(question));
      const outcomes = disturbed.apply(BATCH, APRIL);
      const at = outcomes.findIndex((outcome) => outcome instanceof Error);
      if (at < 0) break;
      struck.add(BATCH[at]?.kind ?? '');
      const clean = new MemoryLedger(TEST_RULES);
      const expected = clean.apply(BATCH.toSpliced(at, 1), APRIL);
      expect(outcomes.toSpliced(at, 1)).toEqual(expected);
      expect(disturbed.teams().map(rowsAsText)).toEqual(clean.teams().map(rowsAsText));
    }
    expect([...struck].sort()).toEqual([
      'admit',
      'changePlan',
      'close',
      'commit',
      'reserve',
      'setPayg',
      'upsertTeam',
    ]);
  });
});
