import { useMutation, useQueryClient, type UseMutationResult } from '@tanstack/react-query';
import { useRef } from 'react';
import { api, data } from './client';
import { keys } from './keys';

interface Keyed<Payload> {
  readonly payload: Payload;
  readonly key: string;
}

export interface Command<Payload> extends Pick<
  UseMutationResult<unknown, Error, Keyed<Payload>>,
  'isPending' | 'isError' | 'error'
> {
  readonly mutate: (payload: Payload, options: { readonly onSuccess: () => void }) => void;
}

/**
 * Something the API is told to do. Its idempotency key stays the same while the same is asked for again: what was done,
 * but not answered, is not done twice. Afterwards what is shown of the team is read again, whatever came of it.
 */
function useCommand<Payload>(
  team: string,
  send: (payload: Payload, header: { readonly 'idempotency-key': string }) => Promise<unknown>,
): Command<Payload> {
  const queries = useQueryClient();
  const last = useRef<Keyed<string> | null>(null);
  const { mutate, isPending, isError, error } = useMutation({
    mutationFn: ({ payload, key }: Keyed<Payload>) => send(payload, { 'idempotency-key': key }),
    onSettled: () => queries.invalidateQueries({ queryKey: keys.team(team) }),
  });
  return {
    isPending,
    isError,
    error,
    mutate: (payload, { onSuccess }) => {
      const text = JSON.stringify(payload);
      if (last.current?.payload !== text) last.current = { payload: text, key: newKey() };
      mutate({ payload, key: last.current.key }, { onSuccess });
    },
  };
}

export type SetPayg =
  | { readonly enabled: false }
  | { readonly enabled: true; readonly capUsd: string }
  | { readonly enabled: true; readonly uncapped: true };

export function useSetPayg(team: string): Command<SetPayg> {
  return useCommand(team, (body, header) =>
    data(api.PUT('/v1/teams/{team}/pay-as-you-go', { params: { path: { team }, header }, body })),
  );
}

export function useDiscardRun(team: string): Command<{ readonly run: string; readonly reason: string }> {
  return useCommand(team, ({ run, reason }, header) =>
    data(
      api.POST('/v1/teams/{team}/runs/{run}/discard', {
        params: { path: { team, run }, header },
        body: { reason },
      }),
    ),
  );
}

export function useCancelRun(team: string): Command<{ readonly run: string }> {
  return useCommand(team, ({ run }, header) =>
    data(
      api.POST('/v1/teams/{team}/runs/{run}/cancel', { params: { path: { team, run }, header }, body: {} }),
    ),
  );
}

/** `crypto.randomUUID` is there on secure origins only; the page may stand behind plain HTTP in somebody's network. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `page-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
