import { Context } from '@temporalio/activity';
import { type WakePageAnswer } from '../contracts/activities';
import { type ActivityDeps } from './deps';
import { inParallel } from './in-parallel';

const PAGE = 200;
const WAKES_AT_ONCE = 10;

/** Wakes every team that a crash left with news: runs it may release, or released runs it has not told. */
export async function wakeTeams(deps: ActivityDeps): Promise<WakePageAnswer> {
  const context = Context.current();
  let woken = 0;
  for (let after: string | null = null; ;) {
    const teams: readonly string[] = await deps.reader.teamsToWake({ after, limit: PAGE });
    await inParallel(teams, WAKES_AT_ONCE, async (team) => {
      await deps.wake(team);
      context.heartbeat();
    });
    woken += teams.length;
    after = teams.at(-1) ?? null;
    if (after === null) return { woken };
  }
}
