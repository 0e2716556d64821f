import { type RateCardRow } from '../../api/types';
import { type Amounts } from '../../format/amounts';
import { useAmounts } from '../../format/context';
import { locationName, typeName } from '../../format/words';
import { Empty } from '../../ui/states';
import { Table, Td, Th, Tr } from '../../ui/table';
import css from './prices.module.css';
import { ProvenanceBadge } from './provenance';

/** Rows that have one source stand together, and it is told once. */
export function CardRows({ rows }: { rows: readonly RateCardRow[] }) {
  if (rows.length === 0) return <Empty title="No such price">This card has none of that kind.</Empty>;
  return (
    <Table
      caption="Prices"
      head={
        <>
          <Th>What</Th>
          <Th>Price</Th>
          <Th>Charged in</Th>
          <Th>Known how</Th>
        </>
      }
    >
      {bySource(rows).map((group) => (
        <Group key={group[0]?.path} rows={group} />
      ))}
    </Table>
  );
}

function Group({ rows }: { rows: readonly RateCardRow[] }) {
  const amounts = useAmounts();
  return (
    <>
      {rows.map((row) => (
        <Tr key={row.path} className={css['row']}>
          <Td lead>
            {row.what}
            {typeName(row.type) !== row.what && (
              <span className={css['path']}>{row.table === 'run' ? 'each run' : typeName(row.type)}</span>
            )}
          </Td>
          <Td label="Price">{priceText(row, amounts)}</Td>
          <Td label="Charged in">{whereText(row)}</Td>
          <Td label="Known how">
            <ProvenanceBadge provenance={row.provenance} />
          </Td>
        </Tr>
      ))}
      <Tr>
        <Td colSpan={4} className={css['source']}>
          {rows[0]?.source}
        </Td>
      </Tr>
    </>
  );
}

function bySource(rows: readonly RateCardRow[]): readonly (readonly RateCardRow[])[] {
  const groups: RateCardRow[][] = [];
  for (const row of rows) {
    const open = groups.at(-1);
    if (open?.[0]?.source === row.source && open[0].provenance === row.provenance) open.push(row);
    else groups.push([row]);
  }
  return groups;
}

function priceText(row: RateCardRow, amounts: Amounts): string {
  if (row.tokens !== null)
    return `${amounts.ofCredits(row.tokens.input)} in, ${amounts.ofCredits(row.tokens.output)} out, a million tokens`;
  if (row.millicredits === null) return 'at cost';
  const each = amounts.withUnit(row.millicredits);
  switch (row.price) {
    case 'per-unit':
      return `${each} per ${row.unit ?? 'unit'}`;
    case 'per-call':
      return `${each} a call`;
    case 'per-run':
      return `${each} a run`;
    case 'per-tool':
      return `${each} a tool`;
    case 'fixed':
    case 'per-million-tokens':
    case 'at-cost':
      return each;
  }
}

function whereText({ chargedIn, table, type }: RateCardRow): string {
  if (table === 'run') return locationName(type);
  if (chargedIn === null) return 'everywhere';
  return chargedIn
    .map(
      ({ location, provenance }) => locationName(location) + (provenance === 'assumed' ? ' (assumed)' : ''),
    )
    .join(', ');
}
