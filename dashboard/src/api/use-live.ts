import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { keys } from './keys';
import { watchTeam, type LiveState } from './live';
import { type Overview } from './types';

/** Longer than a timer of the browser's can be; who leaves a page open for so long has it read again before. */
const LONGEST_TIMER_MS = 2_000_000_000;
/** The reset comes by the ledger's clock: a little after it is not before it. */
const AFTER_RESET_MS = 1_000;

/** Has everything of a team that is on the page read again when the team changes, and when its month is over. */
export function useLive(team: string, overview: Overview | undefined): LiveState {
  const queries = useQueryClient();
  const [state, setState] = useState<LiveState>('connecting');
  const version = useRef<string | null>(null);
  const isShown = overview !== undefined;
  useEffect(() => {
    version.current = overview?.version ?? null;
  }, [overview]);

  useEffect(() => {
    if (!isShown) return undefined;
    return watchTeam({
      team,
      seen: () => version.current,
      onChange: () => void queries.invalidateQueries({ queryKey: keys.team(team) }),
      onState: setState,
    });
  }, [team, queries, isShown]);

  const untilReset = overview === undefined ? null : Date.parse(overview.nextReset) - Date.parse(overview.at);
  useEffect(() => {
    if (untilReset === null || untilReset > LONGEST_TIMER_MS) return undefined;
    const timer = setTimeout(
      () => void queries.invalidateQueries({ queryKey: keys.team(team) }),
      Math.max(untilReset, 0) + AFTER_RESET_MS,
    );
    return () => {
      clearTimeout(timer);
    };
  }, [team, queries, untilReset]);
  return state;
}
