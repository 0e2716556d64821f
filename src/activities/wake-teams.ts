import { Context } from '@temporalio/activity';
import { type WakePage, type WakePageAnswer } from '../contracts/activities';
import { type ActivityDeps } from './deps';
import { inParallel } from './in-parallel';

const PAGE = 200;
const WAKES_AT_ONCE = 10;

/** Wakes a page of the teams that a crash left with news: runs they may release, or released runs they have not told. */
export async function wakeTeams(deps: ActivityDeps, page?: WakePage): Promise<WakePageAnswer> {
  const context = Context.current();
  const teams = await deps.reader.teamsToWake({ after: page?.after ?? null, limit: PAGE });
  await inParallel(teams, WAKES_AT_ONCE, async (team) => {
    await deps.wake(team);
    context.heartbeat();
  });
  return { woken: teams.length, after: teams.length === PAGE ? (teams.at(-1) ?? null) : null };
}
