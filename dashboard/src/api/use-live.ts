import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { watchTeam, type LiveState } from './live';
import { keys } from './keys';

/** Has everything of a team that is on the page read again when the team changes. */
export function useLive(team: string): LiveState {
  const queries = useQueryClient();
  const [state, setState] = useState<LiveState>('connecting');
  useEffect(
    () =>
      watchTeam({
        team,
        onChange: () => void queries.invalidateQueries({ queryKey: keys.team(team) }),
        onState: setState,
      }),
    [team, queries],
  );
  return state;
}
