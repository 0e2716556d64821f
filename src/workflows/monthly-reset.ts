import { continueAsNew, workflowInfo } from '@temporalio/workflow';
import { regular } from './our-activities';

const DEFAULT_PAGE = 200;

export interface MonthlyResetInput {
  readonly pageSize?: number;
  /** Where an execution before this one got to. */
  readonly after?: string;
  readonly soFar?: MonthlyResetResult;
}

export interface MonthlyResetResult {
  readonly teams: number;
  readonly periodsClosed: number;
}

/**
 * Rolls over every team whose period has ended, page by page in the order of their ids, then wakes those whose runs may
 * go. Each page may be done twice: a period is closed once. Runs under a Schedule; a late one harms nobody.
 */
export async function monthlyReset(input: MonthlyResetInput = {}): Promise<MonthlyResetResult> {
  const { pageSize = DEFAULT_PAGE } = input;
  let after = input.after ?? null;
  let { teams, periodsClosed } = input.soFar ?? { teams: 0, periodsClosed: 0 };
  for (;;) {
    const page = await regular['flowCredits.resetPage']({ after, limit: pageSize });
    teams += page.teams;
    periodsClosed += page.periodsClosed;
    after = page.after;
    if (after === null) break;
    if (workflowInfo().continueAsNewSuggested) {
      await continueAsNew<typeof monthlyReset>({ pageSize, after, soFar: { teams, periodsClosed } });
    }
  }
  await regular['flowCredits.wakeTeams']();
  return { teams, periodsClosed };
}
