import {
  keepPreviousData,
  useInfiniteQuery,
  useQuery,
  type UseInfiniteQueryResult,
} from '@tanstack/react-query';
import { useEffect } from 'react';
import { api, data } from './client';
import { keys } from './keys';
import { type RunDetail, type RunRow, type Statement, type Usage } from './types';

const PRICES_STALE_MS = 10 * 60_000;
/** Nothing tells when a private runner comes or goes; who polled last is known to a minute and a half. */
const RUNNER_EVERY_MS = 30_000;

export function useMe() {
  return useQuery({
    queryKey: keys.me,
    queryFn: ({ signal }) => data(api.GET('/v1/me', { signal })),
    staleTime: Infinity,
  });
}

export function useTeam(team: string) {
  return useQuery({
    queryKey: keys.of(team, 'overview'),
    queryFn: ({ signal }) => data(api.GET('/v1/teams/{team}', { params: { path: { team } }, signal })),
  });
}

export function useForecast(team: string) {
  return useQuery({
    queryKey: keys.of(team, 'forecast'),
    queryFn: ({ signal }) =>
      data(api.GET('/v1/teams/{team}/forecast', { params: { path: { team } }, signal })),
  });
}

export function useUsage(team: string, by: Usage['by'], period: number) {
  return useQuery({
    queryKey: keys.of(team, 'usage', by, period),
    queryFn: ({ signal }) =>
      data(api.GET('/v1/teams/{team}/usage', { params: { path: { team }, query: { by, period } }, signal })),
    placeholderData: keepPreviousData,
  });
}

export interface PaygAsked {
  readonly capUsd?: string;
  readonly uncapped?: true;
}

/** What turning pay-as-you-go on would do, asked only where it is to be shown. */
export function usePaygPreview(team: string, asked: PaygAsked, enabled: boolean) {
  return useQuery({
    queryKey: keys.of(team, 'payg-preview', asked),
    queryFn: ({ signal }) =>
      data(
        api.GET('/v1/teams/{team}/pay-as-you-go/preview', {
          params: {
            path: { team },
            query: {
              ...(asked.capUsd === undefined ? {} : { capUsd: asked.capUsd }),
              ...(asked.uncapped === undefined ? {} : { uncapped: 'true' }),
            },
          },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
    enabled,
  });
}

/** Pages of a list as one, each page by the cursor that the one before ended with. */
function usePages<Item>(
  queryKey: readonly unknown[],
  page: (
    cursor: { readonly cursor?: string },
    signal: AbortSignal,
  ) => Promise<{ items: Item[]; nextCursor: string | null }>,
): UseInfiniteQueryResult<readonly Item[]> {
  return useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => page(pageParam === null ? {} : { cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    select: ({ pages }) => pages.flatMap(({ items }) => items),
    placeholderData: keepPreviousData,
  });
}

/** Has all pages of a list read, one after the other: of those that are short, and worth nothing in part. */
export function useAllPages({
  hasNextPage,
  isFetching,
  isError,
  fetchNextPage,
}: Pick<UseInfiniteQueryResult, 'hasNextPage' | 'isFetching' | 'isError' | 'fetchNextPage'>): void {
  useEffect(() => {
    if (hasNextPage && !isFetching && !isError) void fetchNextPage();
  }, [hasNextPage, isFetching, isError, fetchNextPage]);
}

export interface RunsAsked {
  readonly status?: RunRow['status'];
  readonly flow?: string;
}

export function useRuns(team: string, asked: RunsAsked) {
  return usePages(keys.of(team, 'runs', asked), (cursor, signal) =>
    data(
      api.GET('/v1/teams/{team}/runs', {
        params: { path: { team }, query: { ...asked, ...cursor } },
        signal,
      }),
    ),
  );
}

export function useLine(team: string) {
  return usePages(keys.of(team, 'line'), (cursor, signal) =>
    data(
      api.GET('/v1/teams/{team}/line', {
        params: { path: { team }, query: { limit: 25, ...cursor } },
        signal,
      }),
    ),
  );
}

export function usePacks(team: string) {
  return usePages(keys.of(team, 'packs'), (cursor, signal) =>
    data(api.GET('/v1/teams/{team}/packs', { params: { path: { team }, query: cursor }, signal })),
  );
}

export function useAdjustments(team: string) {
  return usePages(keys.of(team, 'adjustments'), (cursor, signal) =>
    data(api.GET('/v1/teams/{team}/adjustments', { params: { path: { team }, query: cursor }, signal })),
  );
}

export function useStatements(team: string) {
  return usePages(keys.of(team, 'statements'), (cursor, signal) =>
    data(api.GET('/v1/teams/{team}/statements', { params: { path: { team }, query: cursor }, signal })),
  );
}

/** The statement of one period; null where there is none. Most are on the first page. */
export function useStatement(team: string, period: number) {
  return useQuery({
    queryKey: keys.of(team, 'statement', period),
    queryFn: async ({ signal }): Promise<Statement | null> => {
      for (let cursor: string | null = null; ;) {
        const query: { cursor?: string } = cursor === null ? {} : { cursor };
        const page: { items: Statement[]; nextCursor: string | null } = await data(
          api.GET('/v1/teams/{team}/statements', { params: { path: { team }, query }, signal }),
        );
        const found = page.items.find((statement) => statement.period.index === period);
        if (found !== undefined || page.nextCursor === null) return found ?? null;
        cursor = page.nextCursor;
      }
    },
    // What is closed never changes.
    staleTime: Infinity,
  });
}

export function useAudit(team: string) {
  return usePages(keys.of(team, 'audit'), (cursor, signal) =>
    data(api.GET('/v1/teams/{team}/audit', { params: { path: { team }, query: cursor }, signal })),
  );
}

/** What a team's id may hold, and so what may be searched for. */
const IN_TEAM_IDS = /^[A-Za-z0-9_.:-]{1,128}$/;

/** All teams, or those whose id holds what is searched for; none where no id can hold it. */
export function useTeams(search: string) {
  return usePages([...keys.teams, search], (cursor, signal) => {
    if (search !== '' && !IN_TEAM_IDS.test(search)) return Promise.resolve({ items: [], nextCursor: null });
    const query = { ...(search === '' ? {} : { search }), ...cursor };
    return data(api.GET('/v1/teams', { params: { query }, signal }));
  });
}

/** A run with its charges, which come in pages. */
export function useRun(team: string, run: string): UseInfiniteQueryResult<RunDetail> {
  return useInfiniteQuery({
    queryKey: keys.of(team, 'run', run),
    queryFn: ({ pageParam, signal }) =>
      data(
        api.GET('/v1/teams/{team}/runs/{run}', {
          params: { path: { team, run }, query: pageParam === null ? {} : { cursor: pageParam } },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ charges }) => charges.nextCursor,
    select: ({ pages }) => {
      const latest = pages.at(-1);
      if (latest === undefined) throw new Error('a run without a page');
      return { ...latest, charges: pages.flatMap(({ charges }) => charges.items) };
    },
    refetchInterval: ({ state }) => {
      const latest = state.data?.pages.at(-1);
      const onRunner = latest?.status === 'admitted' && latest.location === 'private-runner';
      return onRunner && RUNNER_EVERY_MS;
    },
  });
}

export function useRateCards() {
  return useQuery({
    queryKey: keys.prices,
    queryFn: ({ signal }) => data(api.GET('/v1/rate-cards', { signal })),
    staleTime: PRICES_STALE_MS,
  });
}

export function usePlans() {
  return useQuery({
    queryKey: keys.plans,
    queryFn: ({ signal }) => data(api.GET('/v1/plans', { signal })),
    staleTime: PRICES_STALE_MS,
  });
}
