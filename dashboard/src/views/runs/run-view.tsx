import { ArrowLeft, Receipt } from 'lucide-react';
import { type ReactNode } from 'react';
import { Link } from 'wouter';
import { useMe, useRun } from '../../api/queries';
import { type Overview, type RunDetail } from '../../api/types';
import { useAmounts, When } from '../../format/context';
import { locationName, triggerName } from '../../format/words';
import { links } from '../../shell/links';
import { Card } from '../../ui/card';
import { LoadMore } from '../../ui/load-more';
import { Page } from '../../ui/page';
import { Empty, Failed, Skeleton } from '../../ui/states';
import { ChargeCard } from './charge-card';
import { EndRun } from './end-run';
import { RunBadge } from './run-badge';
import css from './run.module.css';

/** One run, and the explanation of its every charge. */
export default function RunView({ team, run: id }: { team: Overview; run: string }) {
  const run = useRun(team.team, id);
  const above = (
    <Link href={links.runs(team.team)} className={css['back']}>
      <ArrowLeft size={14} aria-hidden="true" /> Runs
    </Link>
  );
  if (run.data === undefined)
    return (
      <Page title="Run" above={above}>
        {run.isError ? (
          <Failed error={run.error} retry={() => void run.refetch()} retrying={run.isFetching} />
        ) : (
          <Skeleton lines={8} tall />
        )}
      </Page>
    );
  return <Found team={team} query={run} run={run.data} above={above} />;
}

interface FoundProps {
  readonly team: Overview;
  readonly query: ReturnType<typeof useRun>;
  readonly run: RunDetail;
  readonly above: ReactNode;
}

function Found({ team, query, run, above }: FoundProps) {
  const may = useMe().data?.may ?? [];
  const open =
    (run.status === 'waiting' && may.includes('discardRun')) ||
    (run.status === 'admitted' && may.includes('cancelRun'));
  return (
    <Page
      title={run.flow}
      above={above}
      beside={<RunBadge run={run} />}
      about={
        <>
          <code className={css['id']}>{run.runId}</code> · times in {team.timeZone}
        </>
      }
      actions={open && <EndRun run={run} waiting={run.status === 'waiting'} />}
    >
      {run.runner?.polled === false && (
        <Card title="Its blocks wait for your private runner" className={css['runner']}>
          <p>
            Nobody polls the task queue <code>{run.runner.taskQueue}</code>. Start a runner with{' '}
            <code>flow-credits runner --team {team.team}</code>: the run goes on by itself.
          </p>
        </Card>
      )}
      <div className={css['grid']}>
        <Facts run={run} />
        <Charges query={query} run={run} />
      </div>
    </Page>
  );
}

function Facts({ run }: { run: RunDetail }) {
  const amounts = useAmounts();
  return (
    <Card title="This run" className={css['facts']}>
      <dl className={css['list']}>
        <Fact name="Started by">
          {triggerName(run.trigger)}, {locationName(run.location)}
        </Fact>
        <Fact name="Asked">
          <When at={run.askedAt} />
        </Fact>
        {run.admittedAt !== null && (
          <Fact name="Admitted">
            <When at={run.admittedAt} />
          </Fact>
        )}
        {run.endedAt !== null && (
          <Fact name="Ended">
            <When at={run.endedAt} />
            {run.closeReason !== null && `, ${run.closeReason}`}
          </Fact>
        )}
        {run.place !== null && run.status === 'waiting' && (
          <Fact name="Place in line">{amounts.count(run.place)}</Fact>
        )}
        <Fact name="Estimated">
          {run.requiresCredits
            ? `at least ${amounts.ofCredits(run.least)}, likely ${amounts.ofCredits(run.likely)}`
            : 'requires no credits'}
        </Fact>
        {run.limit !== null && <Fact name="Limit">{amounts.withUnit(run.limit)}</Fact>}
        <Fact name="Held now">{amounts.ofCredits(run.held)}</Fact>
        <Fact name="Rate card">
          <code>{run.rateCard}</code>
        </Fact>
      </dl>
    </Card>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Charges({ query, run }: { query: ReturnType<typeof useRun>; run: RunDetail }) {
  const amounts = useAmounts();
  const reversed = BigInt(run.reversed);
  return (
    <Card
      title="What it was charged for"
      about={
        <>
          <strong data-testid="total">{amounts.withUnit(run.charged)}</strong> in{' '}
          {run.chargeCount === 1 ? '1 charge' : `${amounts.count(run.chargeCount)} charges`}
          {reversed > 0n && <>, of which {amounts.ofCredits(reversed)} were given back</>}
        </>
      }
    >
      {run.charges.length === 0 ? (
        <Empty icon={<Receipt size={22} />} title={run.endedAt === null ? 'No charge so far' : 'No charge'}>
          {noChargeText(run)}
        </Empty>
      ) : (
        <>
          <ol className={css['charges']}>
            {run.charges.map((charge) => (
              <ChargeCard key={charge.entry} charge={charge} />
            ))}
          </ol>
          <LoadMore query={query} />
        </>
      )}
    </Card>
  );
}

function noChargeText({ status }: RunDetail): string {
  switch (status) {
    case 'waiting':
      return 'It waits, and has used nothing.';
    case 'admitted':
      return 'Blocks that charge appear here as they end, each with what it is for.';
    case 'closed':
      return 'It has ended, and none of its blocks charged.';
    case 'left':
      return 'It left the line without running, and has used nothing.';
  }
}
