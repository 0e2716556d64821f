import { reportUsage } from 'temporal-flow-credits/activity';

export interface Page {
  readonly items: number;
  /** Null: this was the last. */
  readonly next: number | null;
}

export interface CatalogActivities {
  fetchPage(catalogId: string, cursor: number): Promise<Page>;
}

/** Pages of a catalog: `CATALOG_URL/CATALOG/CURSOR` answers `{"items": 10, "next": 1}`. */
export function catalogActivities(catalogUrl: string): CatalogActivities {
  return {
    fetchPage: async (catalogId, cursor) => {
      const response = await fetch(`${catalogUrl}/${catalogId}/${String(cursor)}`);
      if (!response.ok)
        throw new Error(`page ${String(cursor)} of "${catalogId}": ${String(response.status)}`);
      const page = (await response.json()) as Page;
      // A tenth of a credit an item: only the activity knows how many there were.
      reportUsage({ units: page.items });
      return page;
    },
  };
}
