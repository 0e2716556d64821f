import { type Charge } from '../../api/types';
import { useAmounts, When } from '../../format/context';
import { typeName } from '../../format/words';
import { Badge } from '../../ui/badge';
import { ProvenanceBadge } from '../prices/provenance';
import css from './run.module.css';
import { sourceName } from './source-name';

/** One charge: its lines, which add up to it; where it was taken from; what was given back. */
export function ChargeCard({ charge }: { charge: Charge }) {
  const amounts = useAmounts();
  return (
    <li className={css['charge']}>
      <div className={css['head']}>
        <div className={css['name']}>
          <h3>{charge.type === null ? 'The run itself' : typeName(charge.type)}</h3>
          <code className={css['key']}>{charge.key}</code>
          {charge.failed && (
            <Badge tone="bad" title="Charged for what it demonstrably used">
              failed
            </Badge>
          )}
          {charge.late && (
            <Badge tone="warn" title="Committed after its run was closed">
              late
            </Badge>
          )}
          {charge.unreserved && (
            <Badge title="The ledger was away when the block began: charged without a reservation">
              without reservation
            </Badge>
          )}
        </div>
        <span className={css['amount']}>{amounts.withUnit(charge.millicredits)}</span>
      </div>
      <ul className={css['lines']}>
        {charge.lines.map((line, index) => (
          <li key={index} className={css['line']}>
            <span className={css['what']}>{line.what}</span>
            <span className={css['times']}>
              {amounts.ofDecimal(line.quantity)} × {amounts.ofCredits(line.unitMillicredits)}
            </span>
            <span className={css['lineAmount']} data-testid="line-amount">
              {amounts.ofCredits(line.millicredits)}
            </span>
            <span className={css['row']}>
              <code title="Row of the rate card">{line.row}</code>
              <ProvenanceBadge provenance={line.provenance} />
              {line.source !== null && (
                <details className={css['source']}>
                  <summary>Where this price is from</summary>
                  {line.source}
                </details>
              )}
            </span>
          </li>
        ))}
      </ul>
      <div className={css['foot']}>
        <span>
          <When at={charge.at} />
        </span>
        <span>
          Taken from{' '}
          {charge.sources
            .map(
              (source) =>
                `${sourceName(source.source, source.grant)} ${amounts.ofCredits(source.millicredits)}`,
            )
            .join(', ')}
        </span>
        {charge.reversals.map((reversal) => (
          <span key={reversal.entry} className={css['reversal']}>
            {amounts.withUnit(reversal.millicredits)} given back
            {reversal.line !== null && `, of line ${String(reversal.line + 1)}`}
          </span>
        ))}
      </div>
    </li>
  );
}
