/** Names that are part of the wire: changing one breaks open workflows. No zod here: workflows import this file. */

/** Our worker's task queue. */
export const TASK_QUEUE = 'flow-credits';

/** Where a team's own worker polls, its private runner. A stack on a task queue of its own has runners of its own. */
export function runnerTaskQueue(team: string, taskQueue: string = TASK_QUEUE): string {
  return `${taskQueue}.runner.${team}`;
}

/** The workflow types of our worker, as Temporal names them. A public interface: open workflows have them. */
export const WORKFLOWS = {
  flowRun: 'flowRun',
  teamBilling: 'teamBilling',
  monthlyReset: 'monthlyReset',
  reconcile: 'reconcile',
  deliverEvents: 'deliverEvents',
} as const;

/** Signals, updates and queries of a run. */
export const RUN = {
  /** Signal: credits were set aside for this run; carries `{runId}`, a run ignores another's. */
  creditsReleased: 'creditsReleased',
  /** Signal: an operator drops this run from the line; carries `{runId, actor, reason}`. */
  discard: 'discardRun',
  /** Update: answers once the ledger has said `admitted`, `waiting` or `rejected`. */
  admission: 'admission',
  /** Query: {@link RunView}. */
  view: 'run',
} as const;

/** Of an ordinary workflow that the plugin meters. Prefixed: its own names are its own. */
export const ORDINARY = {
  /** Update: answers once the ledger has said `admitted`, `waiting` or `rejected`. */
  admission: 'flowCredits.admission',
  /** Query: {@link OrdinaryRunView}. */
  view: 'flowCredits.run',
} as const;

/** Signals and updates of `team-billing.<team>`. */
export const TEAM = {
  setPayAsYouGo: 'setPayAsYouGo',
  changePlan: 'changePlan',
  addCredits: 'addCredits',
  adjustCredits: 'adjustCredits',
  reverseCharge: 'reverseCharge',
  reverseRun: 'reverseRun',
  voidPack: 'voidPack',
  discardWaiting: 'discardWaiting',
  upsertTeam: 'upsertTeam',
  setStatus: 'setTeamStatus',
  payAsYouGoEnabled: 'payAsYouGoEnabled',
  payAsYouGoDisabled: 'payAsYouGoDisabled',
  wake: 'wake',
  view: 'team',
} as const;

/** Signals and queries of `flow-credits.events`. */
export const EVENTS = {
  /** Signal: events are there. */
  wake: 'wake',
  /** Signal: puts dead events back; carries `RetryEvents`. */
  retry: 'retryEvents',
  /** Query: `DeliverEventsView`. */
  view: 'events',
} as const;

/** Queries of `monthlyReset`. */
export const RESET = {
  /** Query: what it did so far. */
  view: 'reset',
} as const;

/** Activities are prefixed: Temporal lets one registration replace another of the same name in silence. */
export const ACTIVITY_PREFIX = 'flowCredits.';

/** Schedules created by `flow-credits setup`. */
export const SCHEDULES = {
  monthlyReset: 'flow-credits.monthly-reset',
  reconcile: 'flow-credits.reconcile',
} as const;

/** Keyword search attributes of a run; set only where they are registered. */
export const SEARCH_ATTRIBUTES = { team: 'FlowCreditsTeam', status: 'FlowCreditsStatus' } as const;

/** The workflow id of a team's keeper. */
export function teamBillingId(team: string): string {
  return `team-billing.${team}`;
}

/** One delivers at a time. A stack on a task queue of its own has a ledger, and so events, of its own. */
export function deliverEventsId(taskQueue: string = TASK_QUEUE): string {
  return taskQueue === TASK_QUEUE ? 'flow-credits.events' : `flow-credits.events.${taskQueue}`;
}

/** The ledger's id of a run: the workflow id and the execution that first asked for admission. */
export function runIdOf(workflowId: string, originalExecutionRunId: string): string {
  return `${workflowId}:${originalExecutionRunId}`;
}

/** The id of an event wherever it goes: who imports it twice has it once. */
export function eventIdOf(team: string, seq: number): string {
  return `${team}:${seq}`;
}

/** What {@link eventIdOf} put together, or null. A team's id may hold colons, so the last one counts. */
export function parseEventId(id: string): { readonly team: string; readonly seq: number } | null {
  const [, team, seq] = /^(.+):([1-9]\d{0,14})$/.exec(id) ?? [];
  return team === undefined || seq === undefined ? null : { team, seq: Number(seq) };
}
