import { Search, Users } from 'lucide-react';
import { Link, useLocation } from 'wouter';
import { useTeams } from '../../api/queries';
import { type Overview } from '../../api/types';
import { useAmounts } from '../../format/context';
import { planName } from '../../format/words';
import { useKept } from '../../shell/kept';
import { links } from '../../shell/links';
import { Badge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { Card } from '../../ui/card';
import field from '../../ui/field.module.css';
import { LoadMore } from '../../ui/load-more';
import { Page } from '../../ui/page';
import { Read } from '../../ui/read';
import { Empty, Skeleton } from '../../ui/states';
import { rowLink, Table, Td, Th, Tr } from '../../ui/table';
import { sumsOf } from '../usage/slices';

/** For operators: all teams, each to be opened. */
export default function TeamsView() {
  const [typed, setTyped] = useKept('search', '');
  const [, go] = useLocation();
  const wanted = typed.trim();
  const teams = useTeams(wanted);
  return (
    <Page title="Teams" about="All teams of this installation, by name">
      <Card
        title="Teams"
        flush
        actions={
          <form
            role="search"
            className={field['row']}
            onSubmit={(event) => {
              event.preventDefault();
              if (wanted === '') return;
              const opened = chosen(wanted, teams);
              if (opened !== null) go(links.usage(opened));
            }}
          >
            <input
              className={field['input']}
              type="search"
              aria-label="Find a team"
              placeholder="Find a team"
              value={typed}
              onChange={(event) => {
                setTyped(event.target.value);
              }}
            />
            <Button type="submit" aria-label="Open">
              <Search size={15} aria-hidden="true" />
            </Button>
          </form>
        }
      >
        <Read query={teams} loading={<Skeleton lines={8} tall />}>
          {(rows) => <Found rows={rows} searched={wanted !== ''} />}
        </Read>
        <LoadMore query={teams} />
      </Card>
    </Page>
  );
}

/** The team that Enter opens: the only one found, or the one of exactly this name; null: there is a choice, or none. */
function chosen(
  wanted: string,
  { data, isPlaceholderData, hasNextPage }: ReturnType<typeof useTeams>,
): string | null {
  // Nobody has searched for it yet: its own page says whether it is there.
  if (data === undefined || isPlaceholderData) return wanted;
  if (data.length === 1) return data[0]?.team ?? null;
  return hasNextPage || data.some(({ team }) => team === wanted) ? wanted : null;
}

function Found({ rows, searched }: { rows: readonly Overview[]; searched: boolean }) {
  if (rows.length === 0)
    return (
      <Empty icon={<Users size={22} />} title={searched ? 'No team has this in its name' : 'No team yet'}>
        {searched
          ? 'Small and capital letters are the same here; nothing else is.'
          : 'Teams are made by the platform, or by flow-credits team create.'}
      </Empty>
    );
  return (
    <Table
      caption="Teams"
      head={
        <>
          <Th>Team</Th>
          <Th>Plan</Th>
          <Th>Pay-as-you-go</Th>
          <Th numeric>Used</Th>
          <Th numeric>Left</Th>
          <Th numeric>Waiting</Th>
        </>
      }
    >
      {rows.map((team) => (
        <Row key={team.team} team={team} />
      ))}
    </Table>
  );
}

function Row({ team }: { team: Overview }) {
  const amounts = useAmounts();
  const { used, left } = sumsOf(team);
  return (
    <Tr linked>
      <Td lead>
        <Link href={links.usage(team.team)} className={rowLink}>
          {team.team}
        </Link>
      </Td>
      <Td label="Plan">
        {planName(team.plan)} {team.status !== 'active' && <Badge tone="bad">{team.status}</Badge>}
      </Td>
      <Td label="Pay-as-you-go">{payg(team, amounts)}</Td>
      <Td label="Used" numeric>
        {amounts.ofCredits(used)}
      </Td>
      <Td label="Left" numeric>
        {amounts.ofCredits(left)}
      </Td>
      <Td label="Waiting" numeric>
        {team.waiting === 0 ? '–' : <Badge tone="warn">{amounts.count(team.waiting)}</Badge>}
      </Td>
    </Tr>
  );
}

function payg({ payAsYouGo }: Overview, amounts: ReturnType<typeof useAmounts>): string {
  if (!payAsYouGo.eligible) return 'not on this plan';
  if (!payAsYouGo.enabled) return 'off';
  return payAsYouGo.capMicroUsd === null
    ? 'on, no cap'
    : `on, to ${amounts.ofMicroUsd(payAsYouGo.capMicroUsd)}`;
}
