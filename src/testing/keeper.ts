import { releaseWith } from '../activities';
import { type Keeper } from '../plugin/keeper';
import { type TestLedger } from './memory';

/** So many go at a time; nobody here needs to be spared. */
const PAGE = 1_000;

/**
 * Lets a team's waiting workflows go as soon as there is news for it, from the process of the worker. What fails is
 * told by `onError`, and done with the next news.
 */
export function keeperOf(ledger: TestLedger, onError: (team: string, error: unknown) => void): Keeper {
  return (client) => {
    const news = new Set<string>();
    let underWay: Promise<void> | null = null;

    async function releaseAll(): Promise<void> {
      for (const team of news) {
        news.delete(team);
        try {
          await releaseTeam(team);
        } catch (error) {
          onError(team, error);
        }
      }
    }

    async function releaseTeam(team: string): Promise<void> {
      const page = { team, most: PAGE, window: { size: PAGE, patienceMs: 0 }, signalsAtOnce: 10 };
      const deps = { ledger, reader: ledger.reader };
      for (let more = true; more;) {
        ({ more } = await releaseWith(deps, client.workflow, page, () => undefined));
      }
      // Its own operations are no news.
      news.delete(team);
    }

    function hear(teams: readonly string[]): void {
      for (const team of teams) news.add(team);
      // Not at once: what it does is heard here as well.
      underWay ??= Promise.resolve()
        .then(releaseAll)
        .finally(() => {
          underWay = null;
          if (news.size > 0) hear([]);
        });
    }

    const stop = ledger.onWake(hear);
    void ledger.reader.teamsToWake({ after: null, limit: PAGE }).then(hear);
    return {
      close: async () => {
        stop();
        while (underWay !== null) await underWay;
      },
    };
  };
}
