import { log } from '@temporalio/activity';
import { type ResetFault, type ResetPage, type ResetPageAnswer } from '../contracts/activities';
import { LedgerFault } from '../ledger';
import { type ActivityDeps } from './deps';

/**
 * So many teams are handed to the ledger in one go, and it rolls them over in one transaction. What others of this
 * process ask of the ledger meanwhile waits for two of those at most: more teams would be little faster, and they wait
 * longer.
 */
const TEAMS_AT_ONCE = 250;
/** Nobody waits for a reset. */
const TIMEOUT_MS = 15_000;
/** Of a page's faults so many are named; all are counted. */
const FAULTS_NAMED = 10;

/**
 * Rolls over one page of the teams whose period has ended. A team that an operation rolled over in the meantime closes
 * nothing here. One whose books are at fault is reported, and the others go on; when the ledger does not answer, the
 * page fails and is done again: what was rolled over is not found again.
 */
export async function resetPage(
  deps: ActivityDeps,
  { after, limit, until }: ResetPage,
  tell: (progress: unknown) => void,
): Promise<ResetPageAnswer> {
  const upTo = until ?? (await deps.reader.now());
  let teams = 0;
  let periodsClosed = 0;
  let failed = 0;
  const faults: ResetFault[] = [];
  let next = after;
  do {
    const some = Math.min(TEAMS_AT_ONCE, limit - teams);
    const due = await deps.reader.dueTeams({ after: next, limit: some, until: upTo });
    for (const one of await Promise.all(due.teams.map((team) => rollOver(deps, team)))) {
      if (typeof one === 'number') periodsClosed += one;
      else {
        failed += 1;
        if (faults.length < FAULTS_NAMED) faults.push(one);
        log.warn('a team could not be rolled over', { ...one });
      }
    }
    teams += due.teams.length;
    next = due.next;
    tell({ teams, periodsClosed, failed });
  } while (next !== null && teams < limit);
  return { teams, periodsClosed, after: next, until: upTo, failed, faults };
}

/** How many periods were closed, or what is wrong with the team. Throws when the ledger does not answer. */
async function rollOver(deps: ActivityDeps, team: string): Promise<number | ResetFault> {
  try {
    const result = await deps.ledger.submit({ kind: 'touch', team }, { timeoutMs: TIMEOUT_MS });
    return result.status === 'refused' ? { team, message: result.message } : result.periodsClosed;
  } catch (error) {
    if (error instanceof LedgerFault) return { team, message: error.message };
    throw error;
  }
}
