import { useAmounts } from '../../format/context';
import { reach } from '../../format/amounts';
import css from './credit-bar.module.css';
import { type Slice } from './slices';

/**
 * One bar for the month, to scale: what was used by source, what is held, what is left. Usage beyond what the team has
 * makes the whole longer, so that no part looks larger or smaller than it is. Its legend has every figure in text.
 */
export function CreditBar({ slices }: { slices: readonly Slice[] }) {
  const amounts = useAmounts();
  const whole = slices.reduce((sum, { amount }) => sum + amount, 0n);
  const shown = slices.filter(({ amount }) => amount > 0n);
  const says = shown.map(({ label, amount }) => `${label}: ${amounts.ofCredits(amount)}`).join('; ');
  return (
    <div>
      <div className={css['bar']} role="img" aria-label={`Of ${amounts.withUnit(whole)}: ${says}`}>
        {shown.map(({ id, amount, colour, pattern }) => (
          <span
            key={id}
            className={css['part']}
            data-pattern={pattern}
            style={{ flexGrow: reach(amount, whole), color: colour }}
          />
        ))}
      </div>
      <ul className={css['legend']}>
        {slices
          .filter(({ amount, always }) => amount > 0n || always)
          .map(({ id, label, amount, colour, pattern, note }) => (
            <li key={id} className={css['item']}>
              <span className={css['swatch']} data-pattern={pattern} style={{ color: colour }} />
              <span className={css['label']}>{label}</span>
              <strong className={css['amount']}>{amounts.ofCredits(amount)}</strong>
              {note !== undefined && <span className={css['note']}>{note}</span>}
            </li>
          ))}
      </ul>
    </div>
  );
}
