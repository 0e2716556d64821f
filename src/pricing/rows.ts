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

/** Where a row comes from, by its path as the lines of charges have it; null where the card has no such row. */
export function rowAt(
  card: RateCard,
  path: string,
): { readonly provenance: 'documented' | 'assumed'; readonly source: string } | null {
  const [, table = '', rest = ''] = /^(blocks|activities|run)\.(.+)$/s.exec(path) ?? [];
  if (table === 'run') return own(runRowsOf(card), rest);
  if (table !== 'blocks' && table !== 'activities') return null;
  const row = own(card[table], rest);
  if (row !== null) return row.price === 'by-model' ? null : row;
  const [, type = '', part = ''] = /^(.+?)\.(models\..+|default|mcpTool)$/s.exec(rest) ?? [];
  const byModel = own(card[table], type);
  if (byModel?.price !== 'by-model') return null;
  if (part === 'default') return byModel.default ?? null;
  if (part === 'mcpTool') return byModel.mcpTool ?? null;
  return own(byModel.models, part.slice('models.'.length));
}

function runRowsOf(card: RateCard): Readonly<Record<string, NonNullable<RateCard['run']['cloud']>>> {
  return Object.fromEntries(Object.entries(card.run));
}
