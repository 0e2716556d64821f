import { continueAsNew, defineQuery, log, setHandler, workflowInfo } from '@temporalio/workflow';
import { type ResetFault, type ResetPageAnswer } from '../contracts/activities';
import { RESET } from '../contracts/names';
import { regular } from './our-activities';
import { wakeTeams } from './wake-teams';

const DEFAULT_PAGE = 2_000;
/** So many teams that could not be rolled over are named in the result; all are counted, and logged. */
const FAULTS_NAMED = 20;

export interface MonthlyResetInput {
  readonly pageSize?: number;
  /** Where an execution before this one got to. */
  readonly after?: string;
  /** Periods that end by then, as the first page found the ledger's time. */
  readonly until?: number;
  readonly soFar?: MonthlyResetResult;
}

/** What it did itself: a period that an operation closed in the meantime is not among them. */
export interface MonthlyResetResult {
  readonly teams: number;
  readonly periodsClosed: number;
  /** Teams that could not be rolled over, for a reason of their own: the first of them are named. */
  readonly failed?: number;
  readonly faults?: readonly ResetFault[];
}

export const resetQuery = defineQuery<MonthlyResetResult>(RESET.view);

/**
 * Rolls over every team whose period has ended by the ledger's time as this begins, page by page, those that ended
 * first at first; then wakes those whose runs may go. Each page may be done twice: a period is closed once. Runs under a
 * Schedule; a late one harms nobody. The schedule's own time is not asked: it is Temporal's clock, and it has passed
 * when this begins.
 */
export async function monthlyReset(input: MonthlyResetInput = {}): Promise<MonthlyResetResult> {
  const { pageSize = DEFAULT_PAGE } = input;
  let after = input.after ?? null;
  let until = input.until ?? null;
  let done: Required<MonthlyResetResult> = {
    teams: 0,
    periodsClosed: 0,
    failed: 0,
    faults: [],
    ...input.soFar,
  };
  setHandler(resetQuery, () => done);
  for (;;) {
    const page = await regular['flowCredits.resetPage']({ after, limit: pageSize, until });
    done = sum(done, page);
    after = page.after;
    until = page.until ?? until;
    if (after === null) break;
    if (workflowInfo().continueAsNewSuggested) {
      await continueAsNew<typeof monthlyReset>({
        pageSize,
        after,
        ...(until === null ? {} : { until }),
        soFar: done,
      });
    }
  }
  if (done.failed > 0) log.warn('some teams could not be rolled over', { ...done });
  await wakeTeams();
  return done;
}

function sum(done: Required<MonthlyResetResult>, page: ResetPageAnswer): Required<MonthlyResetResult> {
  return {
    teams: done.teams + page.teams,
    periodsClosed: done.periodsClosed + page.periodsClosed,
    failed: done.failed + (page.failed ?? 0),
    faults: [...done.faults, ...(page.faults ?? [])].slice(0, FAULTS_NAMED),
  };
}
