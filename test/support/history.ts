import { type Client } from '@temporalio/client';

type HistoryPage = Awaited<ReturnType<Client['workflowService']['getWorkflowExecutionHistory']>>;
export type History = NonNullable<HistoryPage['history']>;

/** A history in pages of a few events: a client takes no message above 4 MB. Without a run id that of the last execution. */
export async function historyInPages(
  { workflowService, options: { namespace } }: Client,
  execution: { readonly workflowId: string; readonly runId?: string },
): Promise<History> {
  const events: NonNullable<History['events']> = [];
  for (let nextPageToken: Uint8Array | null = null; ;) {
    const page: HistoryPage = await workflowService.getWorkflowExecutionHistory({
      namespace,
      execution,
      maximumPageSize: 5,
      nextPageToken,
    });
    events.push(...(page.history?.events ?? []));
    if (page.nextPageToken.length === 0) return { events };
    ({ nextPageToken } = page);
  }
}

/** The histories of all executions of a run that continued as new, the first one first. */
export async function executionsOf(client: Client, workflowId: string): Promise<readonly History[]> {
  const all: History[] = [];
  let history = await historyInPages(client, { workflowId });
  for (;;) {
    all.unshift(history);
    const runId = continuedFrom(history);
    if (runId === null) return all;
    history = await historyInPages(client, { workflowId, runId });
  }
}

/** The execution that this one continues as new; null for a first one. */
export function continuedFrom({ events }: History): string | null {
  const before = events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId ?? '';
  return before === '' ? null : before;
}
