import { QueryClient } from '@tanstack/react-query';
import { isPassing, Unreachable } from './problem';

/** What passes is tried again; what is refused is told at once. Changes come by `live`, not by asking again and again. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        retry: (failures, error) => isPassing(error) && failures < 3,
        staleTime: 30_000,
        // The browser's own idea of being online is wrong as often as not: the API answers or it does not.
        networkMode: 'always',
      },
      // The same idempotency key: what was done already is not done again. Who answers has tried long enough itself.
      mutations: {
        retry: (failures, error) => error instanceof Unreachable && failures < 2,
        networkMode: 'always',
      },
    },
  });
}
