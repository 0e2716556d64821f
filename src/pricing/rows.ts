import { type ByModelRow, type ModelRow, type PriceRow, type RateCard } from './card-schema';

/** The two price lists of a rate card. */
export type Table = 'blocks' | 'activities';

/** A record's own entry: a type or model named `constructor` is a name like any other. */
function own<T>(record: Readonly<Record<string, T>>, key: string): T | null {
  return Object.hasOwn(record, key) ? (record[key] ?? null) : null;
}

export function rowOf(card: RateCard, table: Table, type: string): PriceRow | null {
  return own(card[table], type);
}

/** A model's own row, else the default of its kind, else null. `path` is that of the by-model row. */
export function modelRowOf(
  row: ByModelRow,
  path: string,
  model: string,
): { readonly row: ModelRow; readonly path: string } | null {
  const exact = own(row.models, model);
  if (exact !== null) return { row: exact, path: `${path}.models.${model}` };
  return row.default === undefined ? null : { row: row.default, path: `${path}.default` };
}
