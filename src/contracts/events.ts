/**
 * What the workflow `deliverEvents`, its activities and its callers say to each other. Histories hold these values.
 * Types only, so that workflows may import them. Where events go to, and what signs them, is the worker's: neither ever
 * enters a history.
 */

/** The argument of the workflow `deliverEvents`. All of it has a default. */
export interface DeliverEventsInput {
  /** How long it stays after its last news. Default 5 s. */
  readonly lingerMs?: number;
  /** Events of one activity. Default 100. */
  readonly pageSize?: number;
  /** What an execution before this one was told to put back and had not. */
  readonly retries?: readonly RetryEvents[];
  /** Pages in a row of which the webhook took nothing. */
  readonly refused?: number;
}

/** Dead events to deliver again: of all teams, of one, or one event of a team. */
export interface RetryEvents {
  readonly team?: string;
  readonly seq?: number;
}

export interface DeliverEventsPage {
  readonly limit: number;
}

export interface DeliverEventsPageAnswer {
  /** False: this worker has no webhook, nothing was tried. */
  readonly webhook: boolean;
  readonly delivered: number;
  readonly failed: number;
  /** Of those that failed: were tried for the last time. */
  readonly dead: number;
  /** Until the next one is due; 0 or less: now. Null: none is left. */
  readonly nextDueInMs: number | null;
  /** The webhook takes nothing at present: the page ended early. */
  readonly refused: boolean;
  /** For how long it asked not to be called. */
  readonly pauseMs: number | null;
}

export interface RetryEventsAnswer {
  readonly retried: number;
}

export interface TendEventsAnswer {
  readonly pruned: number;
  /** Delivery was woken: events are due that nobody had delivered. */
  readonly woken: boolean;
}

/** The answer of the query `events`: what this execution has done so far. */
export interface DeliverEventsView {
  readonly delivered: number;
  readonly failed: number;
  readonly dead: number;
  readonly retried: number;
  /** Null while it is at work. */
  readonly waits: 'news' | 'next-attempt' | 'webhook' | null;
}
