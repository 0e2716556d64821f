import { QueryClientProvider } from '@tanstack/react-query';
import { Suspense, useSyncExternalStore } from 'react';
import { Redirect, Route, Router, Switch } from 'wouter';
import { useHashLocation } from 'wouter/use-hash-location';
import { identity } from './api/identity';
import { createQueryClient } from './api/query-client';
import { useMe } from './api/queries';
import { links, nameOf } from './shell/links';
import { NoIdentity } from './shell/no-identity';
import { Shell } from './shell/shell';
import { TeamArea } from './shell/team-area';
import { Contained } from './ui/contained';
import { later } from './ui/later';
import { Empty, Failed, Skeleton } from './ui/states';
import { Toasts } from './ui/toast';

const TeamsView = later(() => import('./views/teams/teams-view'));

const queries = createQueryClient();

export function App() {
  const who = useSyncExternalStore(identity.subscribe, identity.get);
  if (who.state !== 'known') return <NoIdentity expired={who.state === 'expired'} />;
  return (
    <Contained>
      <QueryClientProvider client={queries} key={who.token}>
        <Toasts>
          <Router hook={useHashLocation}>
            <Suspense fallback={<Skeleton lines={6} tall />}>
              <Switch>
                <Route path="/">
                  <Home />
                </Route>
                <Route path="/teams">
                  <Shell team={null} live={null}>
                    <Suspense fallback={<Skeleton lines={8} tall />}>
                      <TeamsView />
                    </Suspense>
                  </Shell>
                </Route>
                <Route path="/teams/:team/*?">
                  {({ team }) => <TeamArea key={team} team={nameOf(team)} />}
                </Route>
                <Route>
                  <Shell team={null} live={null}>
                    <Empty title="There is nothing at this address" action={<a href="#/">To the start</a>} />
                  </Shell>
                </Route>
              </Switch>
            </Suspense>
          </Router>
        </Toasts>
      </QueryClientProvider>
    </Contained>
  );
}

/** A team's people go to their team, operators to the list of all. */
function Home() {
  const me = useMe();
  if (me.data !== undefined)
    return <Redirect to={me.data.team === null ? links.teams : links.usage(me.data.team)} replace />;
  return (
    <Shell team={null} live={null}>
      {me.isError ? (
        <Failed error={me.error} retry={() => void me.refetch()} retrying={me.isFetching} />
      ) : (
        <Skeleton lines={6} tall />
      )}
    </Shell>
  );
}
