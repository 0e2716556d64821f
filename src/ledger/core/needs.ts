import { chargeKey } from './charge-key';
import { type Operation } from './operations';
import { type Needs } from './types';

const NONE: readonly never[] = [];

/** What the operations that a batch has for one team need together. */
export function needsOfAll(team: string, own: readonly Operation[]): Needs {
  const all = own.map(needs);
  const wanted = all.reduce((sum, one) => sum + one.line, 0);
  return {
    team,
    runs: [...new Set(all.flatMap((one) => one.runs))],
    ahead: [...new Set(all.flatMap((one) => one.ahead))],
    // Each other operation may take one run out of the line before a release comes to it.
    line: wanted === 0 ? 0 : wanted + all.filter((one) => one.line === 0).length,
    starting: all.some((one) => one.starting),
    sameFlow: all.flatMap((one) => one.sameFlow),
    newBacklog: own.some(mayChangeBacklog),
    matching: all.flatMap((one) => one.matching),
    chargesOfRuns: [...new Set(all.flatMap((one) => one.chargesOfRuns))],
    charges: [
      ...new Map(
        all.flatMap((one) => one.charges).map((one) => [chargeKey(one.runId, one.key), one]),
      ).values(),
    ],
    grantsOfCharges: all.some((one) => one.grantsOfCharges),
    requests: [...new Set(all.flatMap((one) => one.requests))],
  };
}

/** Whether an operation may make admissions after it, in the same batch, keep the latest of a flow alone. */
function mayChangeBacklog(op: Operation): boolean {
  return op.kind === 'upsertTeam' && op.backlog !== undefined;
}

/** What must be loaded for an operation, beside the team's row and all its live grants. */
export function needs(op: Operation): Needs {
  const { team } = op;
  switch (op.kind) {
    case 'upsertTeam':
      return { ...needsOf(team), requests: op.requestId === undefined ? NONE : [op.requestId] };
    case 'touch':
      return needsOf(team);
    case 'admit':
      return {
        ...needsOf(team, [op.runId]),
        ahead: [op.runId],
        sameFlow: [{ flow: op.flow, trigger: op.context.trigger }],
      };
    case 'leave':
    case 'close':
      return needsOf(team, [op.runId]);
    case 'reserve':
    case 'commit':
    case 'unreserve':
      return needsOf(team, [op.runId], [{ runId: op.runId, key: op.key }]);
    case 'release':
      return { ...needsOf(team), line: op.most, starting: op.window !== undefined };
    case 'told':
      return needsOf(team, op.runIds);
    case 'reverseCharge':
      return {
        ...needsOf(team, NONE, [{ runId: op.runId, key: op.key }]),
        grantsOfCharges: true,
        requests: [op.requestId],
      };
    case 'reverseRun':
      return {
        ...needsOf(team, [op.runId]),
        chargesOfRuns: [op.runId],
        grantsOfCharges: true,
        requests: [op.requestId],
      };
    case 'discardWaiting': {
      const { flow, trigger, before, runIds, most, requestId } = op;
      return {
        ...needsOf(team),
        matching: [{ flow, trigger, before, runIds, most }],
        requests: [requestId],
      };
    }
    case 'setPayg':
    case 'changePlan':
    case 'addCredits':
    case 'voidPack':
    case 'adjustCredits':
    case 'setTeamStatus':
      return { ...needsOf(team), requests: [op.requestId] };
  }
}

/** Of most operations, in one shape. */
function needsOf(team: string, runs: Needs['runs'] = NONE, charges: Needs['charges'] = NONE): Needs {
  return {
    team,
    runs,
    ahead: NONE,
    line: 0,
    starting: false,
    sameFlow: NONE,
    newBacklog: false,
    matching: NONE,
    charges,
    chargesOfRuns: NONE,
    grantsOfCharges: false,
    requests: NONE,
  };
}
