import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  applyBatch,
  checkInvariants,
  MemoryLedger,
  TeamCheck,
  type TeamRows,
} from '../../../src/ledger/core';
import { type Operation } from '../../../src/ledger/core/operations';
import { type Outcome, type Rules } from '../../../src/ledger/core/types';
import { arbitrarySteps, START, type Step } from './arbitrary-operations';
import { PartialLedger } from './books-of-needs';
import { Reached } from './reached';
import { deepFreeze, rowsAsText, rowsOf } from './rows';
import { TEST_RULES } from './rules';

const RUNS = 200;

/** Checks a team after every step; entries are folded once each, all rows are compared every time. */
class Watch {
  private readonly checks = new Map<string, { readonly check: TeamCheck; fed: number }>();

  violations(rows: TeamRows): readonly unknown[] {
    const name = rows.team.team;
    const known = this.checks.get(name) ?? { check: new TeamCheck(rows, TEST_RULES), fed: 0 };
    this.checks.set(name, known);
    for (; known.fed < rows.entries.length; known.fed += 1) {
      const entry = rows.entries[known.fed];
      if (entry !== undefined) known.check.entry(entry);
    }
    return known.check.finish();
  }
}

type Each = (step: Step, now: number, outcome: Outcome) => void;

function play(ledger: MemoryLedger, steps: readonly Step[], each: Each): void {
  let now = START;
  for (const step of steps) {
    now += step.waitMs;
    const before = ledger.team(step.operation.team);
    const waiting = before?.team.waiting ?? 0;
    const isNew = 'runId' in step.operation && before?.runs.has(step.operation.runId) === false;
    const [outcome] = ledger.apply([step.operation], now);
    if (outcome === undefined || outcome instanceof Error) throw outcome ?? new Error('no outcome');
    const rows = ledger.team(step.operation.team);
    if (rows !== undefined)
      deepFreeze([rows.team, ...rows.grants.values(), ...rows.runs.values(), rows.line]);
    // One that took the places of all others may go at once.
    const stillWaiting = rows?.team.waiting ?? 0;
    if (isNew && waiting > 0 && stillWaiting > 0) expect(wentFirst(step, outcome, rows)).toBe(false);
    each(step, now, outcome);
  }
}

/** A new run that needs credits and is held to the line was admitted at once. */
function wentFirst({ operation }: Step, outcome: Outcome, rows: TeamRows | undefined): boolean {
  if (operation.kind !== 'admit' || outcome instanceof Error || outcome.status !== 'admitted') return false;
  const run = rows?.runs.get(operation.runId);
  return run?.requiresCredits === true && run.mode === 'enforce';
}

/** What the events of a kind and a period add up to. */
function told(events: TeamRows['events'], kind: 'payg.usage' | 'payg.refund', period: number): bigint {
  let sum = 0n;
  for (const event of events) {
    if (event.kind === kind && event.data.period === period) sum += BigInt(event.data.millicredits);
  }
  return sum;
}

/** An answer without what may differ when the operation is done again, as it should. */
function lasting(outcome: Outcome | undefined): unknown {
  if (outcome === undefined || outcome instanceof Error) return outcome;
  const kept = { ...outcome, repeated: null, released: null, periodsClosed: null };
  const same: Readonly<Record<string, string>> = {
    created: 'unchanged',
    updated: 'unchanged',
    unreserved: 'nothing-reserved',
  };
  return { ...kept, status: same[outcome.status] ?? outcome.status };
}

describe('random histories', () => {
  const reached = new Reached();

  it('hold every invariant after every operation, and touch no other team', () => {
    fc.assert(
      fc.property(arbitrarySteps(), (steps) => {
        const ledger = new MemoryLedger(TEST_RULES);
        const watch = new Watch();
        let known = new Map<string, readonly unknown[]>();
        play(ledger, steps, (step, _now, outcome) => {
          const { team } = step.operation;
          const rows = ledger.team(team);
          if (rows === undefined) throw new Error(`team ${team} was not created`);
          expect(watch.violations(rows)).toEqual([]);
          for (const [name, row] of known) {
            const other = ledger.team(name);
            if (name === team || other === undefined) continue;
            if (!rowsOf(other).every((one, i) => one === row[i])) throw new Error(`${team} changed ${name}`);
          }
          known = new Map(ledger.teams().map((one) => [one.team.team, rowsOf(one)]));
          reached.outcome(step.operation.kind, outcome);
        });
        for (const rows of ledger.teams()) {
          expect(checkInvariants(rows, rows.entries, TEST_RULES)).toEqual([]);
          reached.rows(rows);
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('reach every rule', () => {
    expect(reached.missing()).toEqual([]);
  });

  it('tell who bills exactly what the statements say, and of each threshold once a period', () => {
    fc.assert(
      fc.property(arbitrarySteps(), (steps) => {
        const ledger = new MemoryLedger(TEST_RULES);
        play(ledger, steps, () => undefined);
        for (const { events, statements, team } of ledger.teams()) {
          expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
          for (const { period, payg, paygReversed } of statements) {
            expect([
              told(events, 'payg.usage', period.index),
              told(events, 'payg.refund', period.index),
            ]).toEqual([payg, paygReversed]);
          }
          // The open period is on no statement yet.
          expect(told(events, 'payg.usage', team.period.index)).toBe(team.paygCharged);
          const fired = events.flatMap(({ kind, data }) => {
            if (kind === 'usage.threshold') return [`${data.period}: ${data.percent} %`];
            return kind === 'payg.threshold' ? [`${data.period}: ${data.microUsd}`] : [];
          });
          expect(new Set(fired).size).toBe(fired.length);
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('change nothing when an operation is done again, and answer it the same', () => {
    fc.assert(
      fc.property(arbitrarySteps({ phrases: 40 }), (steps) => {
        const ledger = new MemoryLedger(TEST_RULES);
        play(ledger, steps, ({ operation }, now, outcome) => {
          if (operation.kind === 'release') return;
          const before = ledger.teams().flatMap(rowsOf);
          const [again] = ledger.apply([operation], now);
          const after = ledger.teams().flatMap(rowsOf);
          if (!after.every((row, i) => row === before[i]) || after.length !== before.length) {
            throw new Error(`${operation.kind} changed something when it was done again`);
          }
          expect(lasting(again)).toEqual(lasting(outcome));
        });
      }),
      { numRuns: 70 },
    );
  });

  it('come to the same in batches as one by one, with all rows loaded or only those an operation needs', () => {
    const sizesOfBatches = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1 });
    fc.assert(
      fc.property(arbitrarySteps({ phrases: 50 }), sizesOfBatches, (steps, sizes) => {
        const single = new MemoryLedger(TEST_RULES);
        const batched = new MemoryLedger(TEST_RULES);
        const partial = new PartialLedger(TEST_RULES);
        let now = START;
        for (let at = 0, turn = 0; at < steps.length; turn += 1) {
          const batch = steps.slice(at, at + (sizes[turn % sizes.length] ?? 1));
          at += batch.length;
          now += batch[0]?.waitMs ?? 0;
          const operations = batch.map(({ operation }) => operation);
          const outcomes = operations.map((operation) => single.apply([operation], now)[0]);
          expect(batched.apply(operations, now)).toEqual(outcomes);
          expect(partial.apply(operations, now)).toEqual(outcomes);
        }
        const expected = single.teams().map(rowsAsText);
        expect(batched.teams().map(rowsAsText)).toEqual(expected);
        expect(partial.teams().map(rowsAsText)).toEqual(expected);
      }),
      { numRuns: 70 },
    );
  });

  it('are not disturbed by an operation that throws', () => {
    const broken: Rules = {
      plan: (name, at) => {
        if (name === 'gold') throw new Error('the plan file is broken');
        return TEST_RULES.plan(name, at);
      },
    };
    fc.assert(
      fc.property(arbitrarySteps({ phrases: 30 }), fc.nat(), (steps, seed) => {
        const operations = steps
          .map(({ operation }) => operation)
          .filter((op) => !('plan' in op && op.plan === 'gold'));
        const teams = [...new Set(operations.map(({ team }) => team))];
        const bombs = teams.map((team, i): Operation => ({
          kind: 'changePlan',
          team,
          plan: 'gold',
          requestId: `b${i}`,
          actor: 'olga',
        }));
        const at = teams.length + (seed % Math.max(1, operations.length - teams.length));
        const clean = new MemoryLedger(broken);
        const disturbed = new MemoryLedger(broken);
        const outcomes = [...disturbed.apply(operations.toSpliced(at, 0, ...bombs), START)];
        const faults = outcomes.splice(at, bombs.length);
        expect(faults.every((outcome) => outcome instanceof Error)).toBe(true);
        expect(outcomes).toEqual(clean.apply(operations, START));
        expect(disturbed.teams().map(rowsAsText)).toEqual(clean.teams().map(rowsAsText));
      }),
      { numRuns: 50 },
    );
  });

  it('give the same outcome for the same arguments', () => {
    fc.assert(
      fc.property(arbitrarySteps({ phrases: 20 }), (steps) => {
        const operations = steps.map(({ operation }) => operation);
        const once = applyBatch(new Map(), operations, START, TEST_RULES);
        expect(applyBatch(new Map(), operations, START, TEST_RULES)).toEqual(once);
      }),
      { numRuns: 20 },
    );
  });
});
