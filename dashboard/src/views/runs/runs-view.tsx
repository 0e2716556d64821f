import { Search, Workflow } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'wouter';
import { useRuns } from '../../api/queries';
import { type Overview, type RunRow } from '../../api/types';
import { useAmounts, When } from '../../format/context';
import { locationName, triggerName } from '../../format/words';
import { useKept } from '../../shell/kept';
import { links } from '../../shell/links';
import { Button } from '../../ui/button';
import { Card } from '../../ui/card';
import { ExportButton } from '../../ui/export-button';
import field from '../../ui/field.module.css';
import { LoadMore } from '../../ui/load-more';
import { Page } from '../../ui/page';
import { Segmented } from '../../ui/segmented';
import { Read } from '../../ui/read';
import { Empty } from '../../ui/states';
import { rowLink, Table, Td, Th, Tr } from '../../ui/table';
import { RunBadge } from './run-badge';

type Filter = RunRow['status'] | 'all';

const FILTERS: readonly { readonly value: Filter; readonly label: string }[] = [
  { value: 'all', label: 'All' },
  { value: 'waiting', label: 'Waiting' },
  { value: 'admitted', label: 'Running' },
  { value: 'closed', label: 'Ended' },
  { value: 'left', label: 'Left the line' },
];

/** Runs, newest first. Any opens to the explanation of its charges. */
export default function RunsView({ team }: { team: Overview }) {
  const [kept, setFilter] = useKept('state', 'all');
  const filter = FILTERS.find(({ value }) => value === kept)?.value ?? 'all';
  const [flow, setFlow] = useKept('flow', '');
  const [typed, setTyped] = useState(flow);
  const status = filter === 'all' ? {} : { status: filter };
  const runs = useRuns(team.team, { ...status, ...(flow === '' ? {} : { flow }) });
  const query = new URLSearchParams({ ...status, ...(flow === '' ? {} : { flow }) }).toString();
  return (
    <Page
      title="Runs"
      about={<>Newest first · times in {team.timeZone}</>}
      actions={
        <ExportButton
          path={`/v1/teams/${encodeURIComponent(team.team)}/runs${query === '' ? '' : `?${query}`}`}
          file={`${team.team}-runs.csv`}
        />
      }
    >
      <Card
        title="All runs that asked for credits"
        flush
        actions={
          <>
            <Segmented label="State" value={filter} onChange={setFilter} options={FILTERS} />
            <form
              role="search"
              className={field['row']}
              onSubmit={(event) => {
                event.preventDefault();
                setFlow(typed.trim());
              }}
            >
              <input
                className={field['input']}
                type="search"
                aria-label="Flow, by its exact name"
                placeholder="Flow"
                value={typed}
                onChange={(event) => {
                  setTyped(event.target.value);
                  if (event.target.value === '') setFlow('');
                }}
              />
              <Button type="submit" aria-label="Search">
                <Search size={15} aria-hidden="true" />
              </Button>
            </form>
          </>
        }
      >
        <Read query={runs}>
          {(rows) =>
            rows.length === 0 ? (
              <Empty icon={<Workflow size={22} />} title="No such runs">
                {filter === 'all' && flow === ''
                  ? 'As soon as the team starts a flow, its run stands here with what it used.'
                  : 'Choose another state, or another flow: names are compared exactly.'}
              </Empty>
            ) : (
              <>
                <Table
                  caption="Runs"
                  head={
                    <>
                      <Th>Flow</Th>
                      <Th>State</Th>
                      <Th>Started by</Th>
                      <Th>Asked</Th>
                      <Th numeric>Held</Th>
                      <Th numeric>Charged</Th>
                    </>
                  }
                >
                  {rows.map((run) => (
                    <RunLine key={run.runId} team={team.team} run={run} />
                  ))}
                </Table>
                <LoadMore query={runs} />
              </>
            )
          }
        </Read>
      </Card>
    </Page>
  );
}

function RunLine({ team, run }: { team: string; run: RunRow }) {
  const amounts = useAmounts();
  return (
    <Tr linked>
      <Td lead>
        <Link href={links.run(team, run.runId)} className={rowLink}>
          {run.flow}
        </Link>
      </Td>
      <Td label="State">
        <RunBadge run={run} />
      </Td>
      <Td label="Started by">
        {triggerName(run.trigger)}, {locationName(run.location)}
      </Td>
      <Td label="Asked">
        <When at={run.askedAt} />
      </Td>
      <Td label="Held" numeric>
        {BigInt(run.held) === 0n ? '–' : amounts.ofCredits(run.held)}
      </Td>
      <Td label="Charged" numeric>
        {amounts.ofCredits(run.charged)}
      </Td>
    </Tr>
  );
}
