import { useEffect, useRef, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { type LiveState } from '../api/live';
import { isPassing } from '../api/problem';
import { useMe } from '../api/queries';
import { useServerBack } from '../api/server-answers';
import { type Me } from '../api/types';
import { links } from './links';
import css from './shell.module.css';
import { Contained } from '../ui/contained';
import { ThemeSwitch } from './theme-switch';

const LIVE: Readonly<Record<LiveState, string>> = {
  connecting: 'Connecting',
  live: 'Live',
  offline: 'Reconnecting',
};

interface ShellProps {
  /** Null: no team is chosen. */
  readonly team: string | null;
  readonly live: LiveState | null;
  readonly children: ReactNode;
}

/** What every view stands in: whose credits, where to, and whether what is shown is live. */
export function Shell({ team, live, children }: ShellProps) {
  const { data: me, error, refetch } = useMe();
  // What they may is known late rather than never.
  useServerBack(isPassing(error), () => void refetch());
  const [location] = useLocation();
  const main = useMainFocus(location);
  return (
    <>
      <a
        href="#main"
        className={css['skip']}
        onClick={(event) => {
          // The fragment is the router's.
          event.preventDefault();
          main.current?.focus();
        }}
      >
        Skip to content
      </a>
      <header className={css['bar']}>
        <div className={css['inner']}>
          <div className={css['brand']}>
            <img className={css['mark']} src="./favicon.svg" alt="" />
            <span className={css['team']}>{team ?? 'Flows Credits'}</span>
            {me?.role === 'operator' && team !== null && (
              <Link href={links.teams} className={css['switchTeam']}>
                All teams
              </Link>
            )}
          </div>
          {team !== null && <Nav team={team} me={me} />}
          <div className={css['right']}>
            {live !== null && (
              <span className={css['live']} data-state={live} role="status">
                <span className={css['dot']} aria-hidden="true" />
                <span>{LIVE[live]}</span>
              </span>
            )}
            <ThemeSwitch />
          </div>
        </div>
      </header>
      {live === 'offline' && (
        <p className={css['offline']} role="alert">
          The connection is lost: these figures may be old. It comes back by itself; your runs are not
          affected.
        </p>
      )}
      <main className={css['main']} id="main" ref={main} tabIndex={-1}>
        <Contained showing={location}>{children}</Contained>
      </main>
    </>
  );
}

function Nav({ team, me }: { team: string; me: Me | undefined }) {
  const [location] = useLocation();
  const entries = [
    { name: 'Usage', href: links.usage(team), exact: true },
    { name: 'Runs', href: links.runs(team) },
    { name: 'Statements', href: links.statements(team) },
    { name: 'Prices', href: links.prices(team) },
    ...(me?.may.includes('listAudit') === true ? [{ name: 'Audit', href: links.audit(team) }] : []),
  ];
  return (
    <nav className={css['nav']} aria-label="Views">
      {entries.map(({ name, href, exact }) => {
        const here = location === href || (exact !== true && location.startsWith(`${href}/`));
        return (
          <Link key={href} href={href} className={css['navLink']} aria-current={here ? 'page' : undefined}>
            {name}
          </Link>
        );
      })}
    </nav>
  );
}

/** Another view begins at its top, and with the focus there: who does not see the page hears where they are. */
function useMainFocus(location: string) {
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    window.scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [location]);
  return main;
}
