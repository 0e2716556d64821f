import { Suspense } from 'react';
import { Route, Switch } from 'wouter';
import { useTeam } from '../api/queries';
import { useLive } from '../api/use-live';
import { type Overview } from '../api/types';
import { InTimeZone } from '../format/context';
import { later } from '../ui/later';
import { Empty, Failed, Skeleton } from '../ui/states';
import { EndRuns } from '../views/runs/end-run';
import { UsageView } from '../views/usage/usage-view';
import { nameOf } from './links';
import { Shell } from './shell';

const RunsView = later(() => import('../views/runs/runs-view'));
const RunView = later(() => import('../views/runs/run-view'));
const StatementsView = later(() => import('../views/statements/statements-view'));
const StatementView = later(() => import('../views/statements/statement-view'));
const PricesView = later(() => import('../views/prices/prices-view'));
const AuditView = later(() => import('../views/audit/audit-view'));

/** All views of one team. They read again whenever something of the team changes. */
export function TeamArea({ team }: { team: string }) {
  const overview = useTeam(team);
  const live = useLive(team, overview.data);
  return (
    // Nothing connects where there is no team to hear of.
    <Shell team={team} live={overview.data === undefined && overview.isError ? null : live}>
      {overview.data !== undefined ? (
        <InTimeZone timeZone={overview.data.timeZone}>
          <EndRuns team={team}>
            <Suspense fallback={<Skeleton lines={8} tall />}>
              <Views team={overview.data} />
            </Suspense>
          </EndRuns>
        </InTimeZone>
      ) : overview.isError ? (
        <Failed error={overview.error} retry={() => void overview.refetch()} retrying={overview.isFetching} />
      ) : (
        <Skeleton lines={8} tall />
      )}
    </Shell>
  );
}

function Views({ team }: { team: Overview }) {
  return (
    <Switch>
      <Route path="/teams/:team">
        <UsageView team={team} />
      </Route>
      <Route path="/teams/:team/runs">
        <RunsView team={team} />
      </Route>
      <Route path="/teams/:team/runs/:run">
        {({ run }) => <RunView key={run} team={team} run={nameOf(run)} />}
      </Route>
      <Route path="/teams/:team/statements">
        <StatementsView team={team} />
      </Route>
      <Route path="/teams/:team/statements/:period">
        {({ period }) => <StatementView team={team} period={Number(period)} />}
      </Route>
      <Route path="/teams/:team/prices">
        <PricesView team={team} />
      </Route>
      <Route path="/teams/:team/audit">
        <AuditView team={team} />
      </Route>
      <Route>
        <Empty title="There is nothing at this address">Choose a view above.</Empty>
      </Route>
    </Switch>
  );
}
