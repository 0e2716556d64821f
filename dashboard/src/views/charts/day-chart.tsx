import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { useAmounts } from '../../format/context';
import { dayLabel } from '../../format/times';
import { ticksTo } from './axis';
import css from './charts.module.css';
import { type DayAmounts } from './days';
import { SOURCES } from './sources';

/**
 * Credits by day, stacked by where they came from. A bar's height is a number; whole millicredits are exact in one up
 * to nine trillion credits, and every figure that is read comes from the `bigint`.
 */
export default function DayChart({ days }: { days: readonly DayAmounts[] }) {
  const amounts = useAmounts();
  const highest = days.reduce((most, day) => (day.amount > most ? day.amount : most), 0n);
  const ticks = ticksTo(highest);
  const byDay = new Map(days.map((day) => [day.day, day]));
  const used = SOURCES.filter(({ source }) => days.some((day) => day[source] > 0n));
  const data = days.map((day) => ({
    day: day.day,
    ...Object.fromEntries(SOURCES.map(({ source }) => [source, Number(day[source])])),
  }));
  return (
    <div className={css['plot']} aria-hidden="true">
      <ResponsiveContainer width="100%" height={220}>
        <BarChart
          data={data}
          margin={{ top: 8, right: 4, bottom: 0, left: 0 }}
          barCategoryGap="22%"
          accessibilityLayer={false}
        >
          <CartesianGrid vertical={false} stroke="var(--border)" />
          <XAxis
            dataKey="day"
            tickFormatter={(day: string) => dayLabel(day)}
            tickLine={false}
            axisLine={{ stroke: 'var(--border)' }}
            tick={TICK}
            minTickGap={28}
          />
          <YAxis
            width={48}
            domain={[0, Number(ticks.at(-1) ?? 1n)]}
            ticks={ticks.map(Number)}
            tickFormatter={(value: number) => amounts.ofCredits(BigInt(Math.round(value)))}
            tickLine={false}
            axisLine={false}
            tick={TICK}
          />
          <Tooltip
            cursor={{ fill: 'var(--sunken)' }}
            isAnimationActive={false}
            content={({ active, label }) => {
              const day = active ? byDay.get(String(label)) : undefined;
              return day === undefined ? null : <DayTip day={day} />;
            }}
          />
          {used.map(({ source, colour }, index) => (
            <Bar
              key={source}
              dataKey={source}
              stackId="credits"
              fill={colour}
              maxBarSize={34}
              isAnimationActive={false}
              radius={index === used.length - 1 ? [3, 3, 0, 0] : 0}
            />
          ))}
        </BarChart>
      </ResponsiveContainer>
    </div>
  );
}

const TICK = { fill: 'var(--text-faint)', fontSize: 11.5 };

function DayTip({ day }: { day: DayAmounts }) {
  const amounts = useAmounts();
  return (
    <div className={css['tip']}>
      <p className={css['tipTitle']}>
        <span>{dayLabel(day.day)}</span> <strong>{amounts.withUnit(day.amount)}</strong>
      </p>
      {SOURCES.filter(({ source }) => day[source] > 0n).map(({ source, label, colour }) => (
        <p key={source} className={css['tipRow']}>
          <span className={css['swatch']} style={{ background: colour }} />
          {label}
          <span>{amounts.ofCredits(day[source])}</span>
        </p>
      ))}
    </div>
  );
}
