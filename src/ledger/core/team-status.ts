import { ZERO } from '../../contracts/millicredits';
import { type Draft } from './draft';
import { type Results, type SetTeamStatus } from './operations';
import { refused } from './refusals';
import { settingOf } from './settings';

/**
 * Suspends, reactivates or closes a team. Nothing new starts in a suspended or closed team; what is in flight goes on.
 * Closing is for good: no included credits are granted any more.
 */
export function setTeamStatus(draft: Draft, op: SetTeamStatus): Results['setTeamStatus'] {
  if (draft.team.status === 'closed' && op.status !== 'closed') {
    return refused('team-closed', `team "${op.team}" is closed for good; create another one`);
  }
  const team = draft.edit();
  team.status = op.status;
  draft.record({
    kind: 'setting',
    requestId: op.requestId,
    amount: ZERO,
    actor: op.actor,
    reason: `team ${op.status}`,
    setting: settingOf(team),
  });
  return { status: 'done' };
}
