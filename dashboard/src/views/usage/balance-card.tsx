import { CalendarClock, TrendingUp } from 'lucide-react';
import { type Overview } from '../../api/types';
import { useAmounts, useTimes, When } from '../../format/context';
import { Card } from '../../ui/card';
import css from './balance.module.css';
import { CreditBar } from './credit-bar';
import { forecastText } from './forecast';
import { PaygPanel } from './payg-panel';
import { slicesOf, sumsOf } from './slices';

/** How much of the month is used, by what; when it resets; and whether usage may go on beyond it. */
export function BalanceCard({ team }: { team: Overview }) {
  const amounts = useAmounts();
  const times = useTimes();
  const { used, held, left, had } = sumsOf(team);
  const forecast = forecastText(team, times);
  return (
    <Card
      title="Flows Credits"
      about={
        <>
          {times.span(team.period.start, team.period.end)} · times in {times.timeZone}
        </>
      }
    >
      <dl className={css['figures']}>
        <div className={css['figure']}>
          <dt>Used</dt>
          <dd>
            <strong>{amounts.ofCredits(used)}</strong>
            <span>
              of {amounts.withUnit(had)} · {amounts.share(used, had)}
            </span>
          </dd>
        </div>
        <div className={css['figure']}>
          <dt>Held</dt>
          <dd>
            <strong>{amounts.ofCredits(held)}</strong>
            <span>set aside by running runs</span>
          </dd>
        </div>
        <div className={css['figure']}>
          <dt>Left</dt>
          <dd>
            <strong data-empty={left === 0n}>{amounts.ofCredits(left)}</strong>
            <span>{left === 0n ? 'nothing until the reset' : 'free for new runs'}</span>
          </dd>
        </div>
      </dl>
      <CreditBar slices={slicesOf(team)} />
      <div className={css['band']}>
        <PaygPanel team={team} />
        <ul className={css['facts']}>
          <li>
            <CalendarClock size={17} aria-hidden="true" />
            <div>
              <strong>Resets {times.distance(team.period.end, team.at)}</strong>
              <p>
                <When at={team.period.end} />, {times.timeZone}. What is left then expires; packs stay.
              </p>
            </div>
          </li>
          <li>
            <TrendingUp size={17} aria-hidden="true" />
            <div>
              <strong>{forecast.title}</strong>
              <p>{forecast.text}</p>
            </div>
          </li>
        </ul>
      </div>
    </Card>
  );
}
