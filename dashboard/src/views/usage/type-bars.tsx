import { useUsage } from '../../api/queries';
import { type Usage } from '../../api/types';
import { reach } from '../../format/amounts';
import { useAmounts } from '../../format/context';
import { typeName } from '../../format/words';
import { Read } from '../../ui/read';
import { Empty, Skeleton } from '../../ui/states';
import css from '../charts/charts.module.css';

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
  const used = items.filter(({ amount }) => BigInt(amount) > 0n).slice(0, MOST);
  if (used.length === 0)
    return (
      <Empty title="Nothing was used">What HTTP requests, AI, connectors and logic used stands here.</Empty>
    );
  const most = BigInt(used[0]?.amount ?? '0');
  return (
    <ul className={css['bars']}>
      {used.map(({ key, amount, charges }) => (
        <li key={key} className={css['bar']}>
          <span className={css['barName']}>{typeName(key)}</span>
          <span className={css['barAmount']}>
            {amounts.ofCredits(amount)}{' '}
            <small>
              {amounts.share(BigInt(amount), BigInt(total.amount))} · {amounts.count(charges)}×
            </small>
          </span>
          <span className={css['barTrack']} aria-hidden="true">
            <span
              className={css['barFill']}
              style={{ width: `${String(reach(BigInt(amount), most) * 100)}%` }}
            />
          </span>
        </li>
      ))}
    </ul>
  );
}

const MOST = 8;
