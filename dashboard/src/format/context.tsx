import { createContext, use, useEffect, useMemo, useState, type ReactNode } from 'react';
import { Amounts } from './amounts';
import { Times } from './times';

const AmountsContext = createContext<Amounts>(new Amounts());
const TimesContext = createContext<Times>(new Times('UTC'));

/** Times below are those of a team's zone. */
export function InTimeZone({ timeZone, children }: { timeZone: string; children: ReactNode }) {
  const times = useMemo(() => new Times(timeZone), [timeZone]);
  return <TimesContext value={times}>{children}</TimesContext>;
}

/** In the reader's language, which is the browser's. */
export function useAmounts(): Amounts {
  return use(AmountsContext);
}

export function useTimes(): Times {
  return use(TimesContext);
}

/** A moment; the exact one, with the zone, in its title. */
export function When({ at, as = 'moment' }: { at: string; as?: 'moment' | 'day' | 'short' }) {
  const times = useTimes();
  return (
    <time dateTime={at} title={`${times.exact(at)} (${times.timeZone})`}>
      {as === 'day' ? times.day(at) : as === 'short' ? times.short(at) : times.moment(at)}
    </time>
  );
}

const EACH_MS = 30_000;

/** The ledger's time now: what it was when it was read, and what has gone by since, told anew twice a minute. */
export function useNow(read: string): string {
  const [passed, setPassed] = useState({ since: read, ms: 0 });
  useEffect(() => {
    const begun = performance.now();
    const timer = setInterval(() => {
      setPassed({ since: read, ms: performance.now() - begun });
    }, EACH_MS);
    return () => {
      clearInterval(timer);
    };
  }, [read]);
  // Of what was read before nothing is left.
  return new Date(Date.parse(read) + (passed.since === read ? passed.ms : 0)).toISOString();
}
