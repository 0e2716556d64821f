import { ArrowLeft, FileX } from 'lucide-react';
import { type ReactNode } from 'react';
import { Link } from 'wouter';
import { useStatement } from '../../api/queries';
import { type Overview, type Statement } from '../../api/types';
import { useAmounts, useTimes, When } from '../../format/context';
import { planName } from '../../format/words';
import { links } from '../../shell/links';
import { Badge } from '../../ui/badge';
import { Card } from '../../ui/card';
import { ExportButton } from '../../ui/export-button';
import { Page } from '../../ui/page';
import { Read } from '../../ui/read';
import { Empty, Skeleton } from '../../ui/states';
import { rateText } from '../usage/payg-texts';
import css from './statement.module.css';

/** A closed month: how its credits add up, and what is billed. */
export default function StatementView({ team, period }: { team: Overview; period: number }) {
  const times = useTimes();
  const statement = useStatement(team.team, period);
  const found = statement.data;
  return (
    <Page
      title={found ? times.span(found.period.start, found.period.end) : 'Statement'}
      above={
        <Link href={links.statements(team.team)} className={css['back']}>
          <ArrowLeft size={14} aria-hidden="true" /> Statements
        </Link>
      }
      beside={found && <Badge tone="accent">{planName(found.plan)}</Badge>}
      about={
        found && (
          <>
            Closed <When at={found.closedAt} />, {team.timeZone}. It does not change any more.
          </>
        )
      }
      actions={
        found && (
          <ExportButton
            name="Usage"
            path={`/v1/teams/${encodeURIComponent(team.team)}/usage?by=run&period=${String(period)}`}
            file={`${team.team}-usage-${String(period)}.csv`}
          />
        )
      }
    >
      <Read query={statement} loading={<Skeleton lines={8} tall />}>
        {(read) =>
          read === null ? (
            <Empty icon={<FileX size={22} />} title="There is no such statement">
              A month has one as soon as it is over.
            </Empty>
          ) : (
            <Figures statement={read} />
          )
        }
      </Read>
    </Page>
  );
}

function Figures({ statement }: { statement: Statement }) {
  const amounts = useAmounts();
  const { payAsYouGo: payg } = statement;
  const credits = (amount: string): string => amounts.ofCredits(amount);
  return (
    <div className={css['grid']}>
      <Card title="Credits" about="What there was is what became of it.">
        <dl className={css['sum']}>
          <Line name="Opening" amount={credits(statement.opening)} />
          <Line name="Granted" amount={credits(statement.granted)} />
          <Line
            name="In total"
            total
            amount={credits((BigInt(statement.opening) + BigInt(statement.granted)).toString())}
          />
          <Line name="Charged" amount={credits(statement.charged)} />
          <Line name="Expired" amount={credits(statement.expired)} />
          <Line name="Withdrawn" amount={credits(statement.withdrawn)} />
          <Line name="Closing" amount={credits(statement.closing)} />
          <Line
            name="Accounted for"
            total
            amount={credits(
              (
                BigInt(statement.charged) +
                BigInt(statement.expired) +
                BigInt(statement.withdrawn) +
                BigInt(statement.closing)
              ).toString(),
            )}
          />
        </dl>
      </Card>
      <Card title="Pay-as-you-go" about={rateText(payg.rate, amounts)}>
        <p className={css['billed']}>
          <strong>{amounts.ofCents(payg.cents)}</strong> billed
        </p>
        <dl className={css['sum']}>
          <Line name="Used beyond what the team had" amount={credits(payg.millicredits)} />
          {BigInt(payg.reversed) !== 0n && (
            <Line
              name="Given back of earlier months"
              amount={`${credits(payg.reversed)}, ${amounts.ofCents(payg.reversedCents)}`}
            />
          )}
          <Line name="Held over from the month before" amount={credits(payg.heldOverIn)} />
          <Line name="Held over into the next month" amount={credits(payg.heldOverOut)} />
        </dl>
      </Card>
      <Card title="Held over" about="What runs held across the reset outlives it, for those runs alone.">
        <dl className={css['sum']}>
          <Line name="Into this month" amount={credits(statement.heldOverIn)} />
          <Line name="of that charged" amount={credits(statement.heldOverCharged)} />
          <Line name="of that given back" amount={credits(statement.heldOverReturned)} />
          <Line name="Into the next month" amount={credits(statement.heldOverOut)} />
        </dl>
      </Card>
      <Card
        title="Overdraft"
        about={
          statement.overdraftPolicy === 'forgive'
            ? 'Used by runs in flight when nothing was left; forgiven at the close.'
            : 'Used by runs in flight when nothing was left; repaid from the next included credits.'
        }
      >
        <dl className={css['sum']}>
          <Line name="Used" amount={credits(statement.overdraft)} />
          <Line name="Owed at the close" amount={credits(statement.owed)} />
        </dl>
      </Card>
    </div>
  );
}

function Line({ name, amount, total }: { name: string; amount: ReactNode; total?: boolean }) {
  return (
    <div className={total === true ? css['total'] : undefined}>
      <dt>{name}</dt>
      <dd>{amount}</dd>
    </div>
  );
}
