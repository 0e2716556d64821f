import { type Operation } from './operations';
import { type Needs } from './types';

const NOTHING = {
  runs: [],
  ahead: [],
  line: 0,
  charges: [],
  grantsOfCharges: false,
  requests: [],
} as const;

/** What must be loaded for an operation, beside the team's row and all its live grants. */
export function needs(op: Operation): Needs {
  const { team } = op;
  switch (op.kind) {
    case 'upsertTeam':
    case 'touch':
      return { ...NOTHING, team };
    case 'admit':
      return { ...NOTHING, team, runs: [op.runId], ahead: [op.runId] };
    case 'leave':
    case 'close':
      return { ...NOTHING, team, runs: [op.runId] };
    case 'reserve':
    case 'commit':
    case 'unreserve':
      return { ...NOTHING, team, runs: [op.runId], charges: [{ runId: op.runId, key: op.key }] };
    case 'release':
      return { ...NOTHING, team, line: op.most };
    case 'told':
      return { ...NOTHING, team, runs: op.runIds };
    case 'reverseCharge':
      return {
        ...NOTHING,
        team,
        charges: [{ runId: op.runId, key: op.key }],
        grantsOfCharges: true,
        requests: [op.requestId],
      };
    case 'setPayg':
    case 'changePlan':
    case 'addCredits':
    case 'adjustCredits':
    case 'setTeamStatus':
      return { ...NOTHING, team, requests: [op.requestId] };
  }
}
