import { Button } from './button';
import css from './load-more.module.css';
import { messageOf } from '../api/problem';

interface Pages {
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  readonly isFetchNextPageError: boolean;
  readonly error: unknown;
  readonly fetchNextPage: () => unknown;
}

/** The next page of a list, by its cursor. */
export function LoadMore({ query }: { query: Pages }) {
  if (!query.hasNextPage) return null;
  return (
    <div className={css['more']}>
      {query.isFetchNextPageError && <p role="alert">{messageOf(query.error)}</p>}
      <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
        Load more
      </Button>
    </div>
  );
}
