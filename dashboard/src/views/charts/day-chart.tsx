import { AxisBottom, AxisLeft } from '@visx/axis';
import { GridRows } from '@visx/grid';
import { Group } from '@visx/group';
import { useParentSize } from '@visx/responsive';
import { scaleBand, scaleLinear } from '@visx/scale';
import { BarRounded, BarStack } from '@visx/shape';
import { useState, type ReactNode } from 'react';
import { useAmounts } from '../../format/context';
import { dayLabel } from '../../format/times';
import { ticksTo } from './axis';
import css from './charts.module.css';
import { type DayAmounts } from './days';
import { SOURCES, type SourceName } from './sources';

const HEIGHT = 220;
const MARGIN = { top: 8, right: 20, bottom: 26, left: 52 } as const;
const PLOT_HEIGHT = HEIGHT - MARGIN.top - MARGIN.bottom;
const WIDEST_BAR = 34;
/** A label of a day needs about as much. */
const LABEL_ROOM = 56;

/**
 * Credits by day, stacked by where they came from. A bar's height is a number; whole millicredits are exact in one up
 * to nine trillion credits, and every figure that is read comes from the `bigint`.
 */
export default function DayChart({ days }: { days: readonly DayAmounts[] }) {
  const { parentRef, width } = useParentSize({ ignoreDimensions: ['height', 'top', 'left'] });
  return (
    <div className={css['plot']} ref={parentRef} aria-hidden="true">
      {width > MARGIN.left + MARGIN.right && <Plot days={days} width={width} />}
    </div>
  );
}

function Plot({ days, width }: { days: readonly DayAmounts[]; width: number }) {
  const amounts = useAmounts();
  const [pointed, setPointed] = useState<string | null>(null);
  const highest = days.reduce((most, day) => (day.amount > most ? day.amount : most), 0n);
  const ticks = ticksTo(highest).map(Number);
  const plotWidth = width - MARGIN.left - MARGIN.right;
  const x = scaleBand({ domain: days.map(({ day }) => day), range: [0, plotWidth], padding: 0.22 });
  const y = scaleLinear({ domain: [0, ticks.at(-1) ?? 1], range: [PLOT_HEIGHT, 0] });
  const barWidth = Math.min(x.bandwidth(), WIDEST_BAR);
  const shown = days.find(({ day }) => day === pointed);
  const centre = (day: string): number => (x(day) ?? 0) + x.bandwidth() / 2;
  return (
    <>
      <svg
        width={width}
        height={HEIGHT}
        onPointerLeave={() => {
          setPointed(null);
        }}
      >
        <Group left={MARGIN.left} top={MARGIN.top}>
          {shown !== undefined && (
            <rect
              x={centre(shown.day) - x.step() / 2}
              width={x.step()}
              height={PLOT_HEIGHT}
              fill="var(--sunken)"
            />
          )}
          <GridRows scale={y} width={plotWidth} tickValues={ticks} stroke="var(--border)" />
          <BarStack<DayAmounts, SourceName, typeof x, typeof y>
            data={[...days]}
            keys={SOURCES.map(({ source }) => source)}
            value={(day, source) => Number(day[source])}
            x={({ day }) => day}
            xScale={x}
            yScale={y}
            color={(source) => SOURCES.find((each) => each.source === source)?.colour ?? ''}
          >
            {(stacks) =>
              stacks.flatMap(({ bars }) =>
                bars
                  .filter(({ height }) => height > 0)
                  .map(({ index, key, bar, y: top, height, color }) => (
                    <BarRounded
                      key={`${String(index)} ${key}`}
                      className={css['dayBar'] ?? ''}
                      data-testid="day-bar"
                      x={centre(bar.data.day) - barWidth / 2}
                      y={top}
                      width={barWidth}
                      height={height}
                      radius={3}
                      top={key === topmost(bar.data)}
                      fill={color}
                    />
                  )),
              )
            }
          </BarStack>
          <AxisLeft
            scale={y}
            tickValues={ticks}
            hideAxisLine
            hideTicks
            tickFormat={(value) => amounts.ofCredits(BigInt(Math.round(Number(value))))}
            tickLabelProps={{ className: css['tick'] ?? '', dx: -2, dy: 4, textAnchor: 'end' }}
          />
          <AxisBottom
            scale={x}
            top={PLOT_HEIGHT}
            numTicks={Math.max(1, Math.floor(plotWidth / LABEL_ROOM))}
            hideTicks
            stroke="var(--border)"
            tickFormat={(day) => dayLabel(day)}
            tickLabelProps={{ className: css['tick'] ?? '', textAnchor: 'middle' }}
          />
          {days.map(({ day }) => (
            <rect
              key={day}
              x={centre(day) - x.step() / 2}
              width={x.step()}
              height={PLOT_HEIGHT}
              fill="transparent"
              onPointerEnter={() => {
                setPointed(day);
              }}
            />
          ))}
        </Group>
      </svg>
      {shown !== undefined && (
        <Beside at={MARGIN.left + centre(shown.day)} of={width} step={x.step()}>
          <DayTip day={shown} />
        </Beside>
      )}
    </>
  );
}

/** The source that ends a day's bar: the last in the order of use that has any. */
function topmost(day: DayAmounts): SourceName | undefined {
  return SOURCES.findLast(({ source }) => day[source] > 0n)?.source;
}

/** Right of the day that is pointed at, in the right half left of it: always within the chart. */
function Beside({ at, of, step, children }: { at: number; of: number; step: number; children: ReactNode }) {
  const away = step / 2 + 6;
  return (
    <div className={css['beside']} style={at < of / 2 ? { left: at + away } : { right: of - at + away }}>
      {children}
    </div>
  );
}

function DayTip({ day }: { day: DayAmounts }) {
  const amounts = useAmounts();
  return (
    <div className={css['tip']} data-testid="day-tip">
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
