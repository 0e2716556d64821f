import { useUsage } from '../../api/queries';
import { type Usage } from '../../api/types';
import { reach } from '../../format/amounts';
import { useAmounts } from '../../format/context';
import { Read } from '../../ui/read';
import { Empty, Skeleton } from '../../ui/states';
import css from '../charts/charts.module.css';
import { shownTypes } from '../charts/types';

/** What was used by block type, the dearest first. Bars of plain boxes: their text is all there is to read. */
export function TypeBars({ team, period }: { team: string; period: number }) {
  const usage = useUsage(team, 'type', period);
  return (
    <Read query={usage} loading={<Skeleton lines={5} />}>
      {(read) => <Bars usage={read} />}
    </Read>
  );
}

function Bars({ usage: { items, total } }: { usage: Usage }) {
  const amounts = useAmounts();
  const used = shownTypes(items);
  if (used.length === 0)
    return (
      <Empty title="Nothing was used">What HTTP requests, AI, connectors and logic used stands here.</Empty>
    );
  const most = used.reduce((highest, { amount }) => (amount > highest ? amount : highest), 0n);
  return (
    <ul className={css['bars']}>
      {used.map(({ key, name, amount, charges }) => (
        <li key={key} className={css['bar']}>
          <span className={css['barName']}>{name}</span>
          <span className={css['barAmount']}>
            {amounts.ofCredits(amount)}{' '}
            <small>
              {amounts.share(amount, BigInt(total.amount))} · {amounts.count(charges)}×
            </small>
          </span>
          <span className={css['barTrack']} aria-hidden="true">
            <span className={css['barFill']} style={{ width: `${String(reach(amount, most) * 100)}%` }} />
          </span>
        </li>
      ))}
    </ul>
  );
}
