import { useEffect, useState } from 'react';
import { commandMessage } from '../api/problem';
import css from './field.module.css';

/** After so long without an answer, in milliseconds, who waits is told that it is still asked for. */
const LONG_MS = 4_000;

/** What became of a command so far: that its answer takes long, or why there is none. */
export function CommandState({ pending, error }: { pending: boolean; error: unknown }) {
  const long = useLong(pending);
  if (error !== null && error !== undefined)
    return (
      <p className={css['error']} role="alert">
        {commandMessage(error)}
      </p>
    );
  if (!long) return null;
  return (
    <p className={css['slow']} role="status">
      No answer yet: the service still tries. It may take half a minute.
    </p>
  );
}

function useLong(pending: boolean): boolean {
  const [long, setLong] = useState(false);
  useEffect(() => {
    if (!pending) return undefined;
    const timer = setTimeout(() => {
      setLong(true);
    }, LONG_MS);
    return () => {
      clearTimeout(timer);
      setLong(false);
    };
  }, [pending]);
  return long;
}
