import { Suspense, useState } from 'react';
import { useUsage } from '../../api/queries';
import { type Overview, type Usage } from '../../api/types';
import { useAmounts } from '../../format/context';
import { dayLabel } from '../../format/times';
import { Card } from '../../ui/card';
import { Contained } from '../../ui/contained';
import { ExportButton } from '../../ui/export-button';
import { later } from '../../ui/later';
import { Segmented } from '../../ui/segmented';
import { Read } from '../../ui/read';
import { Empty, Skeleton } from '../../ui/states';
import { Table, Td, Th, Tr } from '../../ui/table';
import { daysOf, type DayAmounts } from '../charts/days';
import { SOURCES } from '../charts/sources';
import { TypeBars } from './type-bars';
import css from './charts-card.module.css';

const DayChart = later(() => import('../charts/day-chart'));

/** What was used when, and on which blocks, in this month or the one before. */
export function ChartsCard({ team }: { team: Overview }) {
  const [month, setMonth] = useState<'this' | 'last'>('this');
  const period = team.period.index - (month === 'this' ? 0 : 1);
  return (
    <Card
      title="Usage"
      className={css['card']}
      actions={
        <>
          <Segmented
            label="Month"
            value={month}
            onChange={setMonth}
            options={[
              { value: 'this', label: 'This month' },
              { value: 'last', label: 'Last month' },
            ]}
          />
          <ExportButton
            path={`/v1/teams/${encodeURIComponent(team.team)}/usage?by=day&period=${String(period)}`}
            file={`${team.team}-usage-${String(period)}.csv`}
          />
        </>
      }
    >
      <div className={css['charts']}>
        <div>
          <h3>By day</h3>
          <ByDay team={team.team} period={period} />
        </div>
        <div>
          <h3>By block type</h3>
          <TypeBars team={team.team} period={period} />
        </div>
      </div>
    </Card>
  );
}

function ByDay({ team, period }: { team: string; period: number }) {
  const usage = useUsage(team, 'day', period);
  return (
    <Read query={usage} loading={<Skeleton lines={5} tall />}>
      {(read) => <Days usage={read} />}
    </Read>
  );
}

function Days({ usage }: { usage: Usage }) {
  const days = daysOf(usage);
  if (days.every(({ amount }) => amount === 0n))
    return <Empty title="Nothing was used">Each day with usage gets a bar here.</Empty>;
  return (
    <>
      <Contained>
        <Suspense fallback={<Skeleton lines={5} tall />}>
          <DayChart days={days} />
        </Suspense>
      </Contained>
      <Legend days={days} />
      <DayTable days={days} />
    </>
  );
}

/** The chart's figures for who does not point at a bar: by keyboard, by screen reader, to be copied. */
function DayTable({ days }: { days: readonly DayAmounts[] }) {
  const amounts = useAmounts();
  const used = usedSources(days);
  return (
    <details className={css['table']}>
      <summary>Each day in figures</summary>
      <Table
        caption="Credits used by day"
        head={
          <>
            <Th>Day</Th>
            {used.length > 1 &&
              used.map(({ source, label }) => (
                <Th key={source} numeric>
                  {label}
                </Th>
              ))}
            <Th numeric>Credits</Th>
          </>
        }
      >
        {days
          .filter(({ amount }) => amount > 0n)
          .map((day) => (
            <Tr key={day.day}>
              <Td lead>{dayLabel(day.day)}</Td>
              {used.length > 1 &&
                used.map(({ source, label }) => (
                  <Td key={source} label={label} numeric>
                    {day[source] > 0n && amounts.ofCredits(day[source])}
                  </Td>
                ))}
              <Td label="Credits" numeric>
                {amounts.ofCredits(day.amount)}
              </Td>
            </Tr>
          ))}
      </Table>
    </details>
  );
}

function usedSources(days: readonly DayAmounts[]) {
  return SOURCES.filter(({ source }) => days.some((day) => day[source] > 0n));
}

/** Whose colours are whose, where more than one source was used. */
function Legend({ days }: { days: readonly DayAmounts[] }) {
  const used = usedSources(days);
  if (used.length < 2) return null;
  return (
    <ul className={css['legend']}>
      {used.map(({ source, label, colour }) => (
        <li key={source}>
          <span className={css['swatch']} style={{ background: colour }} />
          {label}
        </li>
      ))}
    </ul>
  );
}
