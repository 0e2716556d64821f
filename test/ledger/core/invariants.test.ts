import { describe, expect, it } from '@jest/globals';
import { checkInvariants, type CheckedRows, type Violation } from '../../../src/ledger/core';
import { type Entry, type Grant, type Run, type Statement, type Team } from '../../../src/ledger/core/types';
import { APRIL, c, Scene } from './scene';
import { mc, TEST_RULES } from './rules';

/** A team with something of everything: two closed periods, PAYG, overdraft, a hold over the boundary, a line. */
function busy(): Scene {
  const scene = new Scene(APRIL, { overdraftPolicy: 'carry' });
  scene.payg(true, 0.02);
  scene.start('a', 40);
  scene.start('b', 20);
  scene.charge('a', 'x', 45);
  scene.charge('a', 'y', 40);
  scene.reverse('a', 'x');
  scene.close('a');
  scene.at('2026-05-01T00:00:00Z');
  scene.start('c', 5);
  scene.charge('c', 'x', 25);
  scene.charge('b', 'x', 2);
  scene.close('b');
  scene.at('2026-06-02T00:00:00Z');
  scene.start('d', 500);
  scene.admit('e');
  scene.admit('f');
  return scene;
}

interface Broken {
  readonly team?: (team: Team) => Team;
  readonly grant?: (grant: Grant) => Grant;
  readonly run?: (run: Run) => Run;
  readonly entry?: (entry: Entry) => Entry | readonly Entry[];
  readonly statement?: (statement: Statement) => readonly Statement[];
}

/** Violations after rows were changed behind the ledger's back. */
function broken(change: Broken): readonly Violation[] {
  const { team, grants, runs, entries, statements } = busy().rows;
  const rows: CheckedRows = {
    team: change.team?.(team) ?? team,
    grants: new Map([...grants].map(([id, grant]) => [id, change.grant?.(grant) ?? grant])),
    runs: new Map([...runs].map(([id, run]) => [id, change.run?.(run) ?? run])),
    statements: statements.flatMap((statement) => change.statement?.(statement) ?? [statement]),
  };
  return checkInvariants(
    rows,
    entries.flatMap((entry) => change.entry?.(entry) ?? [entry]),
    TEST_RULES,
  );
}

/** `[invariant, first row]` of each violation. */
function named(change: Broken): string[] {
  return broken(change).map(({ invariant, rows }) => `${invariant} ${rows[0] ?? ''}`);
}

const more = (amount: bigint): ReturnType<typeof mc> => mc(amount + 1n);

describe('checkInvariants', () => {
  it('finds nothing where nothing is broken', () => {
    expect(broken({})).toEqual([]);
    const kinds = busy().rows.entries.map(({ kind }) => kind);
    expect(kinds).toEqual(
      expect.arrayContaining(['hold', 'release', 'charge', 'reversal', 'expire', 'reallot']),
    );
    expect(kinds.filter((kind) => kind === 'close-period')).toHaveLength(2);
  });

  it.each(['granted', 'charged', 'held', 'expired', 'withdrawn'] as const)(
    '1: finds a grant whose %s is off',
    (term) => {
      const found = named({
        grant: (grant) => (grant.id === 2 ? { ...grant, [term]: more(grant[term]) } : grant),
      });
      expect(found).toContain('1 grants 2');
    },
  );

  it.each([
    'paygCharged',
    'paygHeld',
    'overdraft',
    'owed',
    'periodCharged',
    'periodGranted',
    'periodOpening',
  ] as const)('1: finds a team whose %s is off', (field) => {
    expect(named({ team: (team) => ({ ...team, [field]: more(team[field]) }) })).toContain('1 teams acme');
  });

  it('1: finds a hold that no entry tells of', () => {
    const found = named({
      run: (run) => (run.runId === 'd' ? { ...run, holds: [{ source: 'grant:3', amount: c(1) }] } : run),
    });
    expect(found).toEqual(expect.arrayContaining(['1 grants 3', '1 runs d']));
  });

  it('2: finds a second charge of a key, and a run charged otherwise than it says', () => {
    const twice = (entry: Entry): Entry =>
      entry.kind === 'charge' && entry.key === 'y' ? { ...entry, key: 'x' } : entry;
    expect(broken({ entry: twice }).map(({ message }) => message)).toContain(
      'charges key "x" of run "a" a second time',
    );
    expect(named({ run: (run) => ({ ...run, charged: more(run.charged) }) })).toContain('2 runs a');
  });

  it('2: finds a charge of a run that was never admitted, or that nobody knows', () => {
    expect(named({ run: (run) => (run.runId === 'c' ? { ...run, admittedAt: null } : run) })).toContain(
      '2 runs c',
    );
    const renamed = (entry: Entry): Entry => (entry.runId === 'c' ? { ...entry, runId: 'ghost' } : entry);
    expect(named({ entry: renamed })).toContain('2 runs ghost');
  });

  it('3: finds a run that holds and is closed', () => {
    expect(named({ run: (run) => (run.runId === 'd' ? { ...run, status: 'closed' } : run) })).toContain(
      '3 runs d',
    );
  });

  it('4: finds a team that should wake and does not, a wrong count, and one who overtook', () => {
    expect(named({ team: (team) => ({ ...team, wake: !team.wake }) })).toEqual(['4 teams acme']);
    expect(named({ team: (team) => ({ ...team, waiting: 3 }) })).toEqual(['4 teams acme']);
    const overtaken = (run: Run): Run =>
      run.runId === 'f' ? { ...run, status: 'admitted', admittedAt: run.askedAt } : run;
    expect(named({ run: overtaken })).toContain('4 runs f');
  });

  it('6: finds parts and lines that do not add up', () => {
    const parts = (entry: Entry): Entry =>
      entry.kind === 'charge' ? { ...entry, parts: entry.parts.slice(1) } : entry;
    expect(
      broken({ entry: parts }).some(
        ({ invariant, message }) => invariant === 6 && message.includes('parts add up'),
      ),
    ).toBe(true);
    const lines = (entry: Entry): Entry =>
      entry.detail === null ? entry : { ...entry, detail: { ...entry.detail, lines: [] } };
    expect(
      broken({ entry: lines }).some(
        ({ invariant, message }) => invariant === 6 && message.includes('lines add up'),
      ),
    ).toBe(true);
  });

  it('6: finds overdraft taken while credits were there', () => {
    // The first charge of the history, all of it as overdraft.
    const overdrawn = (entry: Entry): Entry =>
      entry.kind === 'charge' && entry.key === 'x' && entry.runId === 'a'
        ? {
            ...entry,
            parts: [{ source: 'overdraft', amount: entry.amount }],
            moves: [{ account: 'overdraft', delta: entry.amount }],
          }
        : entry;
    const found = broken({ entry: overdrawn }).filter(({ invariant }) => invariant === 6);
    expect(found.map(({ message }) => message)).toContainEqual(
      expect.stringContaining('draws on overdraft while'),
    );
  });

  it('7: finds a missing, a second and a wrong statement, and wrong cents', () => {
    expect(named({ statement: (one) => (one.period.index === 0 ? [] : [one]) })).toEqual(['7 statements 0']);
    expect(named({ statement: (one) => [one, one] })).toContain('7 statements');
    expect(named({ statement: (one) => [{ ...one, charged: more(one.charged) }] })).toContain(
      '7 statements 0',
    );
    expect(named({ statement: (one) => [{ ...one, paygCents: one.paygCents + 1n }] })).toEqual([
      '7 statements 0',
      '7 statements 1',
    ]);
    const moved = (one: Statement): Statement[] => [
      { ...one, period: { ...one.period, end: one.period.end + 1 } },
    ];
    expect(named({ statement: moved })).toEqual(['7 statements 0', '7 statements 1']);
  });

  it('7: finds a period that was not rolled over, and credits that outlived their expiry', () => {
    expect(named({ team: (team) => ({ ...team, lastTime: team.period.end }) })).toContain('7 teams acme');
    const revived = (grant: Grant): Grant => ({ ...grant, expired: mc(0) });
    expect(named({ grant: revived })).toContain('7 grants 2');
  });

  it('7: finds more included credits than any plan of the period gives', () => {
    const generous = (grant: Grant): Grant =>
      grant.kind === 'included' ? { ...grant, granted: c(51) } : grant;
    expect(named({ grant: generous })).toContain('7 grants 3');
  });

  it('8: finds PAYG drawn while it was off, or over its cap', () => {
    const changed =
      (paygEnabled: boolean, paygCap: string) =>
      (entry: Entry): Entry =>
        entry.setting === null ? entry : { ...entry, setting: { ...entry.setting, paygEnabled, paygCap } };
    expect(
      broken({ entry: changed(false, '20000') }).some(
        ({ invariant, message }) => invariant === 8 && message.includes('of PAYG'),
      ),
    ).toBe(true);
    expect(
      broken({ entry: changed(true, '1000') }).some(
        ({ invariant, message }) => invariant === 8 && message.includes('of PAYG'),
      ),
    ).toBe(true);
  });

  it('8: finds settings that no entry tells of', () => {
    expect(named({ team: (team) => ({ ...team, payg: { enabled: true, cap: null } }) })).toContain(
      '8 teams acme',
    );
  });

  it('8: finds included credits that expired while PAYG of their period was left', () => {
    const kept = (grant: Grant): Grant =>
      grant.id === 1
        ? { ...grant, expired: c(1), afterClose: [{ source: 'payg', left: c(1), reallotted: mc(0) }] }
        : grant;
    expect(named({ grant: kept })).toContain('8 grants 1');
  });

  it('10: finds an entry that was taken away, and one that was changed', () => {
    expect(named({ entry: (entry) => (entry.seq === 9 ? [] : entry) })).toContain('10 entries 10');
    const changed = (entry: Entry): Entry =>
      entry.kind === 'reversal' ? { ...entry, amount: more(entry.amount) } : entry;
    expect(broken({ entry: changed }).some(({ invariant }) => invariant === 6)).toBe(true);
  });
});
