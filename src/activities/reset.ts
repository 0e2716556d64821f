import { Context } from '@temporalio/activity';
import { type ResetPage, type ResetPageAnswer } from '../contracts/activities';
import { type ActivityDeps } from './deps';
import { ledgerRefused } from './failures';
import { inParallel } from './in-parallel';

/** Enough for the ledger's batches; a batch is one transaction whatever its size. */
const TOUCHES_AT_ONCE = 64;

/**
 * Rolls over one page of the teams whose period has ended by the ledger's time. A team that an operation rolled over
 * in the meantime closes nothing here.
 */
export async function resetPage(deps: ActivityDeps, { after, limit }: ResetPage): Promise<ResetPageAnswer> {
  const context = Context.current();
  const teams = await deps.reader.dueTeams({ after, limit });
  let periodsClosed = 0;
  await inParallel(teams, TOUCHES_AT_ONCE, async (team) => {
    const result = await deps.ledger.submit({ kind: 'touch', team });
    if (result.status === 'refused') throw ledgerRefused(`reset of "${team}"`, result);
    periodsClosed += result.periodsClosed;
    context.heartbeat();
  });
  return { teams: teams.length, periodsClosed, after: teams.at(-1) ?? null };
}
