import { chargeKey } from './charge-key';
import { type Operation } from './operations';
import { type Needs } from './types';

const NONE: readonly never[] = [];

/** What a batch's operations of one team need together. */
export function needsOfAll(team: string, operations: readonly Operation[]): Needs {
  const all = operations.filter((op) => op.team === team).map(needs);
  const wanted = all.reduce((sum, one) => sum + one.line, 0);
  return {
    team,
    runs: [...new Set(all.flatMap((one) => one.runs))],
    ahead: [...new Set(all.flatMap((one) => one.ahead))],
    // Each other operation may take one run out of the line before a release comes to it.
    line: wanted === 0 ? 0 : wanted + all.filter((one) => one.line === 0).length,
    charges: [
      ...new Map(
        all.flatMap((one) => one.charges).map((one) => [chargeKey(one.runId, one.key), one]),
      ).values(),
    ],
    grantsOfCharges: all.some((one) => one.grantsOfCharges),
    requests: [...new Set(all.flatMap((one) => one.requests))],
  };
}

/** What must be loaded for an operation, beside the team's row and all its live grants. */
export function needs(op: Operation): Needs {
  const { team } = op;
  switch (op.kind) {
    case 'upsertTeam':
    case 'touch':
      return needsOf(team);
    case 'admit':
      return { ...needsOf(team, [op.runId]), ahead: [op.runId] };
    case 'leave':
    case 'close':
      return needsOf(team, [op.runId]);
    case 'reserve':
    case 'commit':
    case 'unreserve':
      return needsOf(team, [op.runId], [{ runId: op.runId, key: op.key }]);
    case 'release':
      return { ...needsOf(team), line: op.most };
    case 'told':
      return needsOf(team, op.runIds);
    case 'reverseCharge':
      return {
        ...needsOf(team, NONE, [{ runId: op.runId, key: op.key }]),
        grantsOfCharges: true,
        requests: [op.requestId],
      };
    case 'setPayg':
    case 'changePlan':
    case 'addCredits':
    case 'adjustCredits':
    case 'setTeamStatus':
      return { ...needsOf(team), requests: [op.requestId] };
  }
}

/** Of most operations, in one shape. */
function needsOf(team: string, runs: Needs['runs'] = NONE, charges: Needs['charges'] = NONE): Needs {
  return { team, runs, ahead: NONE, line: 0, charges, grantsOfCharges: false, requests: NONE };
}
