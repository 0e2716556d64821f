import { continueAsNew, proxyActivities, workflowInfo } from '@temporalio/workflow';
import { type CatalogActivities } from './activities';

export interface Mirror {
  readonly teamId: string;
  readonly catalogId: string;
  readonly pagesPerExecution?: number;
  /** Where an execution before this one left off. */
  readonly cursor?: number;
  readonly items?: number;
}

const { fetchPage } = proxyActivities<CatalogActivities>({
  startToCloseTimeout: '10 seconds',
  retry: { initialInterval: '200ms' },
});

/** Page by page to the end, as new before its history grows long: one run to the ledger, however many executions. */
export async function mirrorCatalog(mirror: Mirror): Promise<number> {
  const { catalogId, pagesPerExecution = 200 } = mirror;
  let { cursor = 0, items = 0 } = mirror;
  for (let pages = 1; ; pages += 1) {
    const page = await fetchPage(catalogId, cursor);
    items += page.items;
    if (page.next === null) return items;
    cursor = page.next;
    if (pages >= pagesPerExecution || workflowInfo().continueAsNewSuggested) {
      await continueAsNew<typeof mirrorCatalog>({ ...mirror, cursor, items });
    }
  }
}
