import { ZERO, type Millicredits } from '../../contracts/millicredits';
import { type Draft } from './draft';
import { grantIncluded } from './included';
import { type ChangePlan, type Refused, type Results } from './operations';
import { refused } from './refusals';
import { settingOf } from './settings';

/** What a command writes beside its change: null for a change no operator asked for by request. */
export interface Cause {
  readonly requestId: string | null;
  readonly actor: string | null;
}

export function changePlan(draft: Draft, op: ChangePlan): Results['changePlan'] {
  return toPlan(draft, op.plan, op);
}

/**
 * An upgrade counts at once and grants what it includes beyond the most granted this period; a downgrade counts at the
 * next reset. The plan the team is on takes a planned downgrade back.
 */
export function toPlan(
  draft: Draft,
  plan: string,
  cause: Cause,
):
  | { readonly status: 'done'; readonly counts: 'now' | 'next-reset'; readonly granted: Millicredits }
  | Refused {
  const refusal = cannotChangeTo(draft, plan);
  if (refusal !== null) return refusal;
  const counts = draft.plan(plan).rank >= draft.plan().rank ? 'now' : 'next-reset';
  const team = draft.edit();
  if (counts === 'now') {
    team.plan = plan;
    team.nextPlan = null;
    endPaygWithoutPlan(draft, cause.actor);
  } else {
    team.nextPlan = plan;
  }
  draft.record({
    kind: 'setting',
    requestId: cause.requestId,
    amount: ZERO,
    actor: cause.actor,
    reason: counts === 'now' ? `plan ${plan}` : `plan ${plan} from the next reset`,
    setting: settingOf(team),
  });
  return { status: 'done', counts, granted: counts === 'now' ? grantIncluded(draft) : ZERO };
}

/** Pay-as-you-go ends where the team's plan has none. */
export function endPaygWithoutPlan(draft: Draft, actor: string | null): void {
  if (!draft.team.payg.enabled || draft.plan().payg) return;
  draft.edit().payg = { enabled: false, cap: null };
  draft.emit({ kind: 'payg.disabled', data: { actor } });
}

/** Why the team cannot go to a plan, or null. */
export function cannotChangeTo(draft: Draft, plan: string): Refused | null {
  const { team, time, rules } = draft;
  if (rules.plan(plan, time) === null) {
    return refused('unknown-plan', `team "${team.team}": plan "${plan}" is unknown`);
  }
  return team.status === 'closed' && plan !== team.plan
    ? refused('team-closed', `team "${team.team}" is closed: its plan stays "${team.plan}"`)
    : null;
}
