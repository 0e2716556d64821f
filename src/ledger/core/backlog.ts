import { type Trigger } from '../../contracts/context';
import { type Draft } from './draft';
import { leaveLine } from './line';
import { type Refused } from './operations';
import { refused } from './refusals';
import { type Backlog, type BacklogRule, type Run, type Team } from './types';

const WAIT: BacklogRule = { policy: 'wait', longestWaitMs: null, mostWaiting: null };

/** What a team does with runs of a trigger that would have to wait: its own rule, that for any, or they wait. */
export function ruleFor({ backlog }: Pick<Team, 'backlog'>, trigger: Trigger): BacklogRule {
  return backlog[trigger] ?? backlog.any ?? WAIT;
}

/** Triggers of which the latest run of a flow alone is kept. */
export function keepsLatest(backlog: Backlog, trigger: Trigger): boolean {
  return ruleFor({ backlog }, trigger).policy === 'keep-latest';
}

/**
 * Asks the team's backlog rule about a run that would have to wait: null if it may, after those it takes the place of
 * have left; else why it is turned away. It is turned away before anything is changed.
 */
export function makeRoom(draft: Draft, run: Run): Refused | null {
  const { team } = draft;
  const { trigger } = run.context;
  const { policy, mostWaiting } = ruleFor(team, trigger);
  if (policy === 'reject') {
    return refused(
      'no-credits',
      `team "${team.team}": no credits are left and its ${trigger} runs do not wait; turn pay-as-you-go on, or try again after the reset`,
    );
  }
  const earlier = policy === 'keep-latest' ? earlierOf(draft, run) : [];
  const waiting = (team.waitingBy[trigger] ?? 0) - earlier.length;
  if (mostWaiting !== null && waiting >= mostWaiting) {
    return refused(
      'line-full',
      `team "${team.team}": ${waiting} ${trigger} runs wait for credits, the most there may be; turn pay-as-you-go on, or discard some`,
      { waiting, mostWaiting },
    );
  }
  for (const one of earlier) leaveLine(draft, one, 'superseded', true);
  return null;
}

/** Waiting runs of the same flow and trigger. */
function earlierOf(draft: Draft, { flow, context }: Run): Run[] {
  const earlier: Run[] = [];
  for (const one of draft.runs.values()) {
    if (one.status === 'waiting' && one.flow === flow && one.context.trigger === context.trigger) {
      earlier.push(one);
    }
  }
  return earlier.sort((a, b) => (a.place ?? 0) - (b.place ?? 0));
}
