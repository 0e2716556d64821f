import { CircleCheck, Hourglass } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import { useLine, useMe, useRuns } from '../../api/queries';
import { type LineRow, type Overview, type RunRow } from '../../api/types';
import { useAmounts, useTimes, When } from '../../format/context';
import { triggerName } from '../../format/words';
import { links } from '../../shell/links';
import { Card } from '../../ui/card';
import { LoadMore } from '../../ui/load-more';
import { Segmented } from '../../ui/segmented';
import { Read } from '../../ui/read';
import { Empty, Skeleton } from '../../ui/states';
import { Table, Td, Th, Tr } from '../../ui/table';
import { EndRun } from '../runs/end-run';
import css from './now.module.css';
import { whyWaiting } from './why-waiting';

/** Runs that are under way and those that wait, live: why they do, and when each goes if nothing changes. */
export function NowCard({ team }: { team: Overview }) {
  const amounts = useAmounts();
  const running = useRuns(team.team, { status: 'admitted' });
  const [chosen, setChosen] = useState<'waiting' | 'running' | null>(null);
  const shown = chosen ?? (team.waiting > 0 ? 'waiting' : 'running');
  const under = running.data?.length ?? 0;
  return (
    <Card
      title="Runs now"
      flush
      actions={
        <Segmented
          label="Which runs"
          value={shown}
          onChange={setChosen}
          options={[
            { value: 'waiting', label: `Waiting ${amounts.count(team.waiting)}` },
            { value: 'running', label: `Running ${amounts.count(under)}${running.hasNextPage ? '+' : ''}` },
          ]}
        />
      }
    >
      {shown === 'waiting' ? <Waiting team={team} /> : <Running team={team} query={running} />}
    </Card>
  );
}

function Waiting({ team }: { team: Overview }) {
  const line = useLine(team.team);
  return (
    <Read query={line} loading={<Loading />}>
      {(runs) => <Line team={team} runs={runs} more={<LoadMore query={line} />} />}
    </Read>
  );
}

interface LineProps {
  readonly team: Overview;
  readonly runs: readonly LineRow[];
  readonly more: ReactNode;
}

function Line({ team, runs, more }: LineProps) {
  const amounts = useAmounts();
  const times = useTimes();
  const may = useMe().data?.may ?? [];
  const [head] = runs;
  if (head === undefined)
    return (
      <Empty icon={<CircleCheck size={22} />} title="Nobody waits">
        New runs start at once while something is left.
      </Empty>
    );
  return (
    <>
      <p className={css['why']}>
        <Hourglass size={16} aria-hidden="true" />
        <span>{whyWaiting(head.reason, team)}</span>
      </p>
      <div className={css['scroll']}>
        <Table
          caption="Runs that wait, in their order"
          head={
            <>
              <Th>Place</Th>
              <Th>Flow</Th>
              <Th numeric>Needs</Th>
              <Th>Goes</Th>
              {may.includes('discardRun') && (
                <Th>
                  <span className="hidden-but-read">Discard</span>
                </Th>
              )}
            </>
          }
        >
          {runs.map((run) => (
            <Tr key={run.runId}>
              <Td label="Place">{amounts.count(run.place)}</Td>
              <Td lead>
                <Link href={links.run(team.team, run.runId)} className={css['flow']}>
                  {run.flow}
                </Link>
                <span className={css['sub']}>
                  {triggerName(run.trigger)}, since <When at={run.since} as="short" />
                </span>
              </Td>
              <Td label="Needs" numeric>
                {amounts.ofCredits(run.hold)}
              </Td>
              <Td label="Goes" className={css['goes']}>
                {run.goes === null
                  ? 'not by itself'
                  : run.goes.resets === 0
                    ? 'now'
                    : run.goes.resets === 1
                      ? `reset, ${times.shortDay(run.goes.at)}`
                      : times.day(run.goes.at)}
              </Td>
              {may.includes('discardRun') && (
                <Td numeric>
                  <EndRun run={run} waiting />
                </Td>
              )}
            </Tr>
          ))}
        </Table>
        {more}
      </div>
    </>
  );
}

function Running({ team, query }: { team: Overview; query: ReturnType<typeof useRuns> }) {
  return (
    <Read query={query} loading={<Loading />}>
      {(runs) => <UnderWay team={team} runs={runs} more={<LoadMore query={query} />} />}
    </Read>
  );
}

interface UnderWayProps {
  readonly team: Overview;
  readonly runs: readonly RunRow[];
  readonly more: ReactNode;
}

function UnderWay({ team, runs, more }: UnderWayProps) {
  const amounts = useAmounts();
  const may = useMe().data?.may ?? [];
  if (runs.length === 0)
    return (
      <Empty icon={<CircleCheck size={22} />} title="No run is under way">
        A run sets aside what it will use, until it ends.
      </Empty>
    );
  return (
    <div className={css['scroll']}>
      <Table
        caption="Runs under way"
        head={
          <>
            <Th>Flow</Th>
            <Th numeric>Held</Th>
            <Th numeric>Charged</Th>
            {may.includes('cancelRun') && (
              <Th>
                <span className="hidden-but-read">Cancel</span>
              </Th>
            )}
          </>
        }
      >
        {runs.map((run) => (
          <Tr key={run.runId}>
            <Td lead>
              <Link href={links.run(team.team, run.runId)} className={css['flow']}>
                {run.flow}
              </Link>
              <span className={css['sub']}>
                {triggerName(run.trigger)}, since <When at={run.admittedAt ?? run.askedAt} as="short" />
              </span>
            </Td>
            <Td label="Held" numeric>
              {amounts.ofCredits(run.held)}
            </Td>
            <Td label="Charged" numeric>
              {amounts.ofCredits(run.charged)}
            </Td>
            {may.includes('cancelRun') && (
              <Td numeric>
                <EndRun run={run} waiting={false} />
              </Td>
            )}
          </Tr>
        ))}
      </Table>
      {more}
    </div>
  );
}

function Loading() {
  return (
    <div className={css['pad']}>
      <Skeleton lines={4} tall />
    </div>
  );
}
