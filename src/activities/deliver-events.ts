import { Context } from '@temporalio/activity';
import {
  type DeliverEventsPage,
  type DeliverEventsPageAnswer,
  type RetryEvents,
  type RetryEventsAnswer,
  type TendEventsAnswer,
} from '../contracts/events';
import { type DueEvent } from '../ledger';
import { type ActivityDeps, type EventDeps } from './deps';
import { inParallel } from './in-parallel';
import { type ActivityObserver } from './observer';
import { type Sent, type Webhook } from './webhook';
import { pauseAfter } from './webhook-rules';

/** A page begins no attempt after so long: it has to end within its activity's two minutes. */
const PAGE_MS = 60_000;
/** So many failures without a success between them, and the endpoint takes nothing at present, whatever is sent. */
const FAILURES_IN_A_ROW = 10;
const PUT_BACK_AT_ONCE = 1_000;
const PRUNED_AT_ONCE = 1_000;
/** Of a crowd of old events the next visit takes more. */
const PRUNE_PAGES = 50;
const DAY_MS = 86_400_000;

/**
 * Delivers one page of the events that are due. Those of a team go one after the other, in their order; teams side by
 * side. One that fails is put off by itself: those behind it go on. An event is marked only after the endpoint has
 * taken it, so one whose worker dies in between is sent again, under the same id.
 */
export async function deliverEventsPage(
  deps: ActivityDeps,
  { limit }: DeliverEventsPage,
): Promise<DeliverEventsPageAnswer> {
  const { outbox, webhook } = deps.events;
  if (webhook === null) return NO_WEBHOOK;
  const page = new Page(outbox, webhook, deps.observer);
  const due = await outbox.due(limit);
  const { kinds } = webhook;
  await outbox.keep(due.filter(({ event }) => kinds?.includes(event.kind) === false).map(idOf));
  const wanted = due.filter(({ event }) => kinds?.includes(event.kind) !== false);
  await inParallel([...byTeam(wanted).values()], webhook.atOnce, async (events) => {
    for (const event of events) {
      if (page.over) return;
      await page.deliver(event);
    }
  });
  return { ...page.answer(), nextDueInMs: await outbox.nextDueInMs() };
}

const NO_WEBHOOK: DeliverEventsPageAnswer = {
  webhook: false,
  delivered: 0,
  failed: 0,
  dead: 0,
  nextDueInMs: null,
  refused: false,
  pauseMs: null,
};

class Page {
  private delivered = 0;
  private failed = 0;
  private dead = 0;
  private failuresInARow = 0;
  private pauseMs: number | null = null;
  private readonly context = Context.current();
  private readonly until = Date.now() + PAGE_MS;

  constructor(
    private readonly outbox: EventDeps['outbox'],
    private readonly webhook: Webhook,
    private readonly observer: ActivityObserver | undefined,
  ) {}

  get over(): boolean {
    return this.refused || Date.now() > this.until || this.context.cancellationSignal.aborted;
  }

  async deliver(due: DueEvent): Promise<void> {
    const sent = await this.webhook.send(due, this.context.cancellationSignal);
    if (sent.status === 'delivered') {
      await this.outbox.delivered(idOf(due));
      this.delivered += 1;
      this.observer?.delivered?.('delivered');
      this.failuresInARow = 0;
    } else {
      await this.putOff(due, sent);
    }
    this.context.heartbeat();
  }

  answer(): Omit<DeliverEventsPageAnswer, 'nextDueInMs'> {
    const { delivered, failed, dead, refused, pauseMs } = this;
    return { webhook: true, delivered, failed, dead, refused, pauseMs };
  }

  private get refused(): boolean {
    return this.pauseMs !== null || this.failuresInARow >= FAILURES_IN_A_ROW;
  }

  private async putOff(due: DueEvent, sent: Extract<Sent, { status: 'failed' }>): Promise<void> {
    const pause = sent.gone ? null : pauseAfter(due.attempts + 1, this.webhook.options, Math.random());
    const againInMs = pause === null ? null : Math.max(pause, sent.retryAfterMs ?? 0);
    await this.outbox.failed(idOf(due), { error: sent.error, againInMs });
    this.failed += 1;
    this.failuresInARow += 1;
    if (againInMs === null) this.dead += 1;
    this.observer?.delivered?.(againInMs === null ? 'dead' : 'failed');
    // There is one endpoint: who asks not to be called with one event is not called with the next.
    if (sent.retryAfterMs !== null) this.pauseMs = Math.max(this.pauseMs ?? 0, sent.retryAfterMs);
  }
}

/** Puts dead events back, all at once due. */
export async function retryEvents({ events }: ActivityDeps, which: RetryEvents): Promise<RetryEventsAnswer> {
  let retried = 0;
  for (;;) {
    const back = await events.outbox.retry(which, PUT_BACK_AT_ONCE);
    retried += back;
    Context.current().heartbeat();
    if (back < PUT_BACK_AT_ONCE) return { retried };
  }
}

/** Deletes events that are done with, and has delivery woken where a crash left events that are due. */
export async function tendEvents({ events }: ActivityDeps): Promise<TendEventsAnswer> {
  const { outbox, webhook, keepDays } = events;
  // Without a webhook nobody is ever sent them: they are done with when they are old.
  const old = { olderThanMs: keepDays * DAY_MS, pending: webhook === null, limit: PRUNED_AT_ONCE };
  let pruned = 0;
  for (let page = 0; page < PRUNE_PAGES; page += 1) {
    const gone = await outbox.prune(old);
    pruned += gone;
    Context.current().heartbeat();
    if (gone < PRUNED_AT_ONCE) break;
  }
  const next = webhook === null ? null : await outbox.nextDueInMs();
  const woken = next !== null && next <= 0;
  if (woken) await events.wake();
  return { pruned, woken };
}

function idOf({ team, event }: DueEvent): { team: string; seq: number } {
  return { team, seq: event.seq };
}

/** Each team's in their order. */
function byTeam(events: readonly DueEvent[]): ReadonlyMap<string, readonly DueEvent[]> {
  const teams = new Map<string, DueEvent[]>();
  for (const event of events) {
    const known = teams.get(event.team);
    if (known === undefined) teams.set(event.team, [event]);
    else known.push(event);
  }
  for (const ofTeam of teams.values()) ofTeam.sort((a, b) => a.event.seq - b.event.seq);
  return teams;
}
