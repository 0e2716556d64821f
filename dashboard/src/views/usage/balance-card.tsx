import { CalendarClock, TrendingUp } from 'lucide-react';
import { useForecast } from '../../api/queries';
import { type Overview } from '../../api/types';
import { useAmounts, useNow, useTimes, When } from '../../format/context';
import { Button } from '../../ui/button';
import { Card } from '../../ui/card';
import { Skeleton } from '../../ui/states';
import { messageOf } from '../../api/problem';
import css from './balance.module.css';
import { CreditBar } from './credit-bar';
import { forecastText } from './forecast';
import { PaygPanel } from './payg-panel';
import { slicesOf, sumsOf } from './slices';

/** How much of the month is used, by what; when it resets; and whether usage may go on beyond it. */
export function BalanceCard({ team }: { team: Overview }) {
  const amounts = useAmounts();
  const times = useTimes();
  const now = useNow(team.at);
  const { used, held, left, had } = sumsOf(team);
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
            <span>{leftText(left, held, team.payAsYouGo)}</span>
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
              <strong>Resets {times.distance(team.period.end, now)}</strong>
              <p>
                <When at={team.period.end} />, {times.timeZone}. What is left then expires; packs stay.
              </p>
            </div>
          </li>
          <ForecastFact team={team} />
        </ul>
      </div>
    </Card>
  );
}

function leftText(left: bigint, held: bigint, payg: Overview['payAsYouGo']): string {
  const { enabled, headroom } = payg;
  if (left > 0n) return 'free for new runs';
  if (enabled && headroom !== '0') return 'usage goes on as pay-as-you-go';
  // What runs do not use of it comes back; of pay-as-you-go that was turned off nothing does.
  if (held > (enabled ? 0n : BigInt(payg.held))) return 'the rest is held by running runs';
  return enabled ? 'nothing, and the cap is reached' : 'nothing until the reset';
}

function ForecastFact({ team }: { team: Overview }) {
  const amounts = useAmounts();
  const times = useTimes();
  const forecast = useForecast(team.team);
  const said = forecast.data && forecastText(forecast.data, team, amounts, times);
  return (
    <li>
      <TrendingUp size={17} aria-hidden="true" />
      {said !== undefined ? (
        <div>
          <strong>{said.title}</strong>
          <p>{said.text}</p>
        </div>
      ) : forecast.isError ? (
        <div>
          <strong>No forecast</strong>
          <p>{messageOf(forecast.error)}</p>
          <Button small onClick={() => void forecast.refetch()} busy={forecast.isFetching}>
            Try again
          </Button>
        </div>
      ) : (
        <div className={css['fact']}>
          <Skeleton lines={2} />
        </div>
      )}
    </li>
  );
}
