import { ZERO } from '../../contracts/millicredits';
import { amountFault } from './amounts';
import { type Draft } from './draft';
import { type Results, type SetPayg } from './operations';
import { refused } from './refusals';
import { settingOf } from './settings';

/**
 * Turns PAYG on or off. Off or a lower cap stops new draws at once; what runs hold of it is still charged, and the
 * answer names that most.
 */
export function setPayg(draft: Draft, op: SetPayg): Results['setPayg'] {
  if (op.enabled) {
    const { team } = draft;
    if (team.status === 'closed') {
      return refused('team-closed', `team "${op.team}" is closed: pay-as-you-go stays off`);
    }
    if (!draft.plan().payg) {
      return refused(
        'not-on-plan',
        `team "${op.team}": plan "${team.plan}" has no pay-as-you-go; change to a plan that has it`,
        { plan: team.plan },
      );
    }
    const fault = amountFault('a cap in micro-dollars', op.cap ?? 0n);
    if (fault !== null) return refused('invalid', `team "${op.team}": ${fault}`);
  }
  const team = draft.edit();
  team.payg = { enabled: op.enabled, cap: op.enabled ? op.cap : null };
  draft.record({
    kind: 'setting',
    requestId: op.requestId,
    amount: ZERO,
    actor: op.actor,
    reason: op.enabled ? 'pay-as-you-go on' : 'pay-as-you-go off',
    setting: settingOf(team),
  });
  const { actor } = op;
  if (op.enabled) {
    const capMicroUsd = op.cap?.toString() ?? null;
    draft.emit({ kind: 'payg.enabled', data: { capMicroUsd, actor } });
  } else draft.emit({ kind: 'payg.disabled', data: { actor } });
  return { status: 'done', enabled: op.enabled, stillCharged: team.paygHeld };
}
