import { type ReactNode } from 'react';
import { messageOf } from '../api/problem';
import { Button } from './button';
import css from './states.module.css';
import { Failed, Skeleton } from './states';

interface Reading<Data> {
  readonly data: Data | undefined;
  readonly isError: boolean;
  readonly isRefetchError: boolean;
  readonly isFetching: boolean;
  readonly error: unknown;
  readonly refetch: () => unknown;
}

interface ReadProps<Data> {
  readonly query: Reading<Data>;
  /** Stands for it while it is read for the first time. */
  readonly loading?: ReactNode;
  readonly children: (data: Data) => ReactNode;
}

/**
 * Something that is read: grey shapes before it is there, why where it cannot be read, and then what was read. That it
 * could not be read again takes nothing away: what is shown stays, and is said to be old.
 */
export function Read<Data>({ query, loading, children }: ReadProps<Data>) {
  const retry = (): void => void query.refetch();
  if (query.data === undefined)
    return query.isError ? (
      <Failed error={query.error} retry={retry} retrying={query.isFetching} />
    ) : (
      (loading ?? <Skeleton lines={6} tall />)
    );
  return (
    <>
      {query.isRefetchError && (
        <p className={css['old']} role="alert">
          <span>This may be old. {messageOf(query.error)}</span>
          <Button small onClick={retry} busy={query.isFetching}>
            Try again
          </Button>
        </p>
      )}
      {children(query.data)}
    </>
  );
}
