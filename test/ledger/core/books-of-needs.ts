import { chargeKey, isLive, MemoryLedger, needsOfAll, type TeamRows } from '../../../src/ledger/core';
import { type Operation } from '../../../src/ledger/core/operations';
import { grantOfSource } from '../../../src/ledger/core/parts';
import { keepsLatest } from '../../../src/ledger/core/backlog';
import { matches } from '../../../src/ledger/core/discard';
import { type Books, type Grant, type Needs, type PastCharge } from '../../../src/ledger/core/types';

/** Applies batches to books that hold only what the operations need, as the store's do. */
export class PartialLedger extends MemoryLedger {
  protected override books(rows: TeamRows, operations: readonly Operation[]): Books {
    const { team } = rows.team;
    return booksOfNeeds(
      rows,
      needsOfAll(
        team,
        operations.filter((operation) => operation.team === team),
      ),
    );
  }
}

function booksOfNeeds(rows: TeamRows, needed: Needs): Books {
  const line = rows.line.slice(0, needed.line);
  const ofRuns = [...rows.charges].filter(([, { runId }]) => needed.chargesOfRuns.includes(runId));
  const charges = new Map([
    ...pick(
      rows.charges,
      needed.charges.map(({ runId, key }) => chargeKey(runId, key)),
    ),
    ...ofRuns,
  ]);
  const grants = new Map([...rows.grants].filter(([, grant]) => isLive(grant)));
  if (needed.grantsOfCharges) {
    for (const charge of charges.values())
      for (const grant of grantsOf(charge, rows)) grants.set(grant.id, grant);
  }
  const waiting = needed.ahead.filter((id) => rows.line.includes(id));
  return {
    team: rows.team,
    grants,
    runs: pick(rows.runs, [...line, ...needed.runs, ...othersOf(rows, needed)]),
    line,
    ahead: new Map(waiting.map((id) => [id, rows.line.indexOf(id)])),
    charges,
    requests: pick(rows.requests, needed.requests),
  };
}

/** Runs that are unheard of, those an admission may put out of the line, and those a filter means. */
function othersOf({ team, runs, line }: TeamRows, needed: Needs): string[] {
  const { starting, sameFlow, newBacklog, matching } = needed;
  const waiting = line.flatMap((id) => runs.get(id) ?? []);
  const unheard = starting ? [...runs.values()].filter((run) => run.starting) : [];
  const putOut = waiting.filter(({ flow, context: { trigger } }) =>
    sameFlow.some(
      (one) =>
        one.flow === flow && one.trigger === trigger && (newBacklog || keepsLatest(team.backlog, trigger)),
    ),
  );
  const meant = matching.flatMap((filter) =>
    waiting.filter((run) => matches(run, filter)).slice(0, filter.most),
  );
  return [...unheard, ...putOut, ...meant].map(({ runId }) => runId);
}

function pick<V>(all: ReadonlyMap<string, V>, keys: readonly string[]): Map<string, V> {
  const picked = new Map<string, V>();
  for (const key of keys) {
    const value = all.get(key);
    if (value !== undefined) picked.set(key, value);
  }
  return picked;
}

function grantsOf(charge: PastCharge, rows: TeamRows): Grant[] {
  const ids = charge.parts.map(({ source }) => grantOfSource(source));
  return [...rows.grants.values()].filter(
    (grant) => ids.includes(grant.id) || (grant.kind === 'included' && grant.period === charge.period),
  );
}
