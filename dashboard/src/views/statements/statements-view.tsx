import { FileText } from 'lucide-react';
import { Link } from 'wouter';
import { useStatements } from '../../api/queries';
import { type Overview, type Statement } from '../../api/types';
import { useAmounts, useTimes } from '../../format/context';
import { planName } from '../../format/words';
import { links } from '../../shell/links';
import { Card } from '../../ui/card';
import { ExportButton } from '../../ui/export-button';
import { LoadMore } from '../../ui/load-more';
import { Page } from '../../ui/page';
import { Read } from '../../ui/read';
import { Empty } from '../../ui/states';
import { rowLink, Table, Td, Th, Tr } from '../../ui/table';

/** One statement for each month that is over. They never change. */
export default function StatementsView({ team }: { team: Overview }) {
  const times = useTimes();
  const statements = useStatements(team.team);
  return (
    <Page
      title="Statements"
      about={<>One for each month that is over; none changes any more · times in {team.timeZone}</>}
      actions={
        <ExportButton
          path={`/v1/teams/${encodeURIComponent(team.team)}/statements`}
          file={`${team.team}-statements.csv`}
        />
      }
    >
      <Card title="Closed months" flush>
        <Read query={statements}>
          {(rows) =>
            rows.length === 0 ? (
              <Empty icon={<FileText size={22} />} title="No month is over yet">
                The first statement is made at the reset, on {times.moment(team.period.end)}.
              </Empty>
            ) : (
              <>
                <Table
                  caption="Statements"
                  head={
                    <>
                      <Th>Month</Th>
                      <Th>Plan</Th>
                      <Th numeric>Granted</Th>
                      <Th numeric>Charged</Th>
                      <Th numeric>Expired</Th>
                      <Th numeric>Pay-as-you-go</Th>
                    </>
                  }
                >
                  {rows.map((statement) => (
                    <Row key={statement.period.index} team={team.team} statement={statement} />
                  ))}
                </Table>
                <LoadMore query={statements} />
              </>
            )
          }
        </Read>
      </Card>
    </Page>
  );
}

function Row({ team, statement }: { team: string; statement: Statement }) {
  const amounts = useAmounts();
  const times = useTimes();
  const { period } = statement;
  return (
    <Tr linked>
      <Td lead>
        <Link href={links.statement(team, period.index)} className={rowLink}>
          {times.span(period.start, period.end)}
        </Link>
      </Td>
      <Td label="Plan">{planName(statement.plan)}</Td>
      <Td label="Granted" numeric>
        {amounts.ofCredits(statement.granted)}
      </Td>
      <Td label="Charged" numeric>
        {amounts.ofCredits(statement.charged)}
      </Td>
      <Td label="Expired" numeric>
        {amounts.ofCredits(statement.expired)}
      </Td>
      <Td label="Pay-as-you-go" numeric>
        {amounts.ofCents(statement.payAsYouGo.cents)}
      </Td>
    </Tr>
  );
}
