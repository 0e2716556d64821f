/** What something costs before it runs, in millicredits. `most` is null where nothing bounds it. */
export interface Bounds {
  readonly least: bigint;
  readonly likely: bigint;
  readonly most: bigint | null;
}

export const FREE: Bounds = { least: 0n, likely: 0n, most: 0n };

/** Nothing is known of it. */
export const ANYTHING: Bounds = { least: 0n, likely: 0n, most: null };

/** How often a loop goes round. `known` is exact, `most` a bound; null where there is none. */
export interface Rounds {
  readonly known: bigint | null;
  readonly most: bigint | null;
}

/** A body so many times: at least never and likely once, where that is not known. */
export function times(once: Bounds, { known, most }: Rounds): Bounds {
  const dearest =
    once.most === 0n || most === 0n ? 0n : once.most === null || most === null ? null : most * once.most;
  return known === null
    ? { least: 0n, likely: once.likely, most: dearest }
    : { least: known * once.least, likely: known * once.likely, most: dearest };
}
