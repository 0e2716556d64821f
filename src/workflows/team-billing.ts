import {
  ActivityFailure,
  allHandlersFinished,
  ApplicationFailure,
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  defineUpdate,
  log,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import { type TeamCommandAnswer } from '../contracts/activities';
import { messageOf } from '../contracts/error-text';
import { FAILURE } from '../contracts/failures';
import { TEAM } from '../contracts/names';
import {
  type PayAsYouGoSignal,
  type TeamBillingInput,
  type TeamBillingView,
  type TeamCommandName,
} from '../contracts/team';
import { commandFault } from './command-fault';
import { regular } from './our-activities';

const DEFAULT_LINGER_MS = 5_000;
const DEFAULT_WINDOW = 50;
const DEFAULT_PATIENCE_MS = 10_000;
const DEFAULT_SIGNALS = 10;
const SECOND_MS = 1000;
const RECENT_MOST = 20;

export const payAsYouGoEnabled = defineSignal<[PayAsYouGoSignal?]>(TEAM.payAsYouGoEnabled);
export const payAsYouGoDisabled = defineSignal<[PayAsYouGoSignal?]>(TEAM.payAsYouGoDisabled);
export const wake = defineSignal(TEAM.wake);
export const teamQuery = defineQuery<TeamBillingView>(TEAM.view);

/** Its updates: each carries the command's payload and answers with what came of it. */
const UPDATES = [
  TEAM.setPayAsYouGo,
  TEAM.changePlan,
  TEAM.addCredits,
  TEAM.adjustCredits,
  TEAM.reverseCharge,
  TEAM.reverseRun,
  TEAM.voidPack,
  TEAM.discardWaiting,
  TEAM.setStatus,
  TEAM.upsertTeam,
] as const satisfies readonly TeamCommandName[];

/**
 * Does what one team is told, in order, and releases its waiting runs after each. Started by whoever has news for the
 * team, gone some seconds after there is none. Regular activities only: local ones, mixed with updates and signals,
 * wedge a workflow (design, section 12.1).
 */
export async function teamBilling(input: TeamBillingInput): Promise<void> {
  const { team, lingerMs = DEFAULT_LINGER_MS, release: pace = {} } = input;
  const { window = DEFAULT_WINDOW, patienceMs = DEFAULT_PATIENCE_MS, perSecond } = pace;
  const { signalsAtOnce = DEFAULT_SIGNALS } = pace;
  const recent: { command: string; requestId: string; status: string; message: string | null }[] = [];
  let pending = 0;
  let released = 0;
  let stillWaiting: number | null = null;
  let signals = 0;
  // A fresh execution has news: whoever started it.
  let news = true;
  let turn: Promise<unknown> = Promise.resolve();

  /** One command at a time, in the order of arrival. */
  async function command(name: TeamCommandName, payload: unknown): Promise<TeamCommandAnswer> {
    pending += 1;
    const mine = turn.then(() => regular['flowCredits.teamCommand']({ team, command: name, payload }));
    turn = mine.catch(() => undefined);
    try {
      const answer = await mine;
      const message = answer.status === 'refused' ? answer.message : null;
      note({ command: name, requestId: requestIdOf(payload), status: answer.status, message });
      return answer;
    } catch (error) {
      // Without its wrapping: callers match on the type.
      const failure = error instanceof ActivityFailure && error.cause !== undefined ? error.cause : error;
      note({ command: name, requestId: requestIdOf(payload), status: 'failed', message: messageOf(failure) });
      throw failure;
    } finally {
      pending -= 1;
      news = true;
    }
  }

  function note(done: (typeof recent)[number]): void {
    recent.push(done);
    if (recent.length > RECENT_MOST) recent.shift();
  }

  for (const name of UPDATES) {
    const update = defineUpdate<TeamCommandAnswer, [unknown]>(name);
    setHandler(update, (payload) => command(name, payload), {
      validator: (payload) => {
        const fault = commandFault(name, payload);
        if (fault === null) return;
        throw ApplicationFailure.nonRetryable(fault, FAILURE.commandRefused, {
          reason: 'invalid',
          message: fault,
        });
      },
    });
  }

  /** A signal gets no answer: what is refused is logged, and stays to be seen in the query. */
  async function payAsYouGo(enabled: boolean, signal: PayAsYouGoSignal | undefined): Promise<void> {
    signals += 1;
    const { requestId = signalRequestId(signals), actor = 'signal', capUsd, uncapped } = signal ?? {};
    const cap = {
      ...(capUsd === undefined ? {} : { capUsd }),
      ...(uncapped === undefined ? {} : { uncapped }),
    };
    const payload = { requestId, actor, enabled, ...(enabled ? cap : {}) };
    const answer = await command(TEAM.setPayAsYouGo, payload).catch((error: unknown) => {
      if (!(error instanceof ApplicationFailure)) throw error;
      log.error('a pay-as-you-go signal could not be carried out', { team, requestId, error: error.message });
    });
    if (answer?.status === 'refused') {
      log.warn('a pay-as-you-go signal was refused', {
        team,
        requestId,
        reason: answer.reason,
        message: answer.message,
      });
    }
  }

  setHandler(payAsYouGoEnabled, (signal) => payAsYouGo(true, signal));
  setHandler(payAsYouGoDisabled, (signal) => payAsYouGo(false, signal));
  setHandler(wake, () => {
    news = true;
  });
  setHandler(teamQuery, () => ({ team, pending, released, stillWaiting, recent }));

  /** Page by page, at the pace that is set. `full`: no more until some of those told are heard of. */
  async function release(): Promise<'done' | 'full'> {
    const most = perSecond === undefined ? window : Math.max(1, Math.min(window, Math.floor(perSecond)));
    for (;;) {
      const page = await regular['flowCredits.releasePage']({
        team,
        most,
        window: { size: window, patienceMs },
        signalsAtOnce,
      });
      released += page.told;
      stillWaiting = page.stillWaiting;
      if (page.windowFull === true) return 'full';
      if (!page.more) return 'done';
      if (perSecond !== undefined) await sleep((page.told * SECOND_MS) / perSecond);
    }
  }

  for (;;) {
    let outcome: 'done' | 'full' = 'done';
    while (news || pending > 0) {
      // Commands first: what they change decides who is released.
      await condition(() => pending === 0);
      news = false;
      outcome = await release();
      if (workflowInfo().continueAsNewSuggested && quiet()) await continueAsNew<typeof teamBilling>(input);
    }
    // A full window has room again when the first of its runs is heard of: that is news. One that has nothing to tell
    // counts no more after a while.
    const more = await condition(() => news || pending > 0, outcome === 'full' ? patienceMs : lingerMs);
    if (more) continue;
    if (outcome === 'full') news = true;
    else if (quiet()) return;
  }

  function quiet(): boolean {
    return pending === 0 && allHandlersFinished();
  }
}

/** The same for every replay and reset of this execution, and no other's. */
function signalRequestId(count: number): string {
  const { workflowId, originalExecutionRunId } = workflowInfo();
  return `${workflowId}:${originalExecutionRunId}:signal-${count}`;
}

function requestIdOf(payload: unknown): string {
  const has = typeof payload === 'object' && payload !== null && 'requestId' in payload;
  return has && typeof payload.requestId === 'string' ? payload.requestId : '';
}
