import { beforeAll, describe, expect, it } from '@jest/globals';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { HEADER } from '../../src/plugin/interceptors/header';
import { type FlowCreditsPlugin } from '../../src/plugin/flow-credits-plugin';
import { uniqueName } from '../support';
import { orderActivities } from './activities';
import { openShop, type Shop } from './shop';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop(require.resolve('./untouched-workflows'));
});

/** Nothing but when and where it happened; by their own names. */
const VOLATILE =
  /^(eventTime|eventId|identity|requestId|taskQueue|workerVersion|taskId|.*RunId|runId|workflowId|.*EventId|searchAttributes|sdkMetadata|meteringMetadata|historySizeBytes|userMetadata|workerStartedTime|originalScheduledTime|.*[Nn]amespaceId|principal|.*Timeout|deploymentVersion|links|workflowExecution|.*WorkflowExecution)$/;

const PAYLOAD = Buffer.from(JSON.stringify({ run: null })).toString('base64');

/** All events of a workflow, with their attributes; and how many activities say that they are not metered. */
async function historyOf(
  plugin: FlowCreditsPlugin | null,
): Promise<{ readonly events: unknown; readonly marked: number }> {
  return shop.open(plugin, { activities: orderActivities() }, async (taskQueue) => {
    const handle = await shop.start(
      taskQueue,
      'everything',
      { id: 'x' },
      { workflowId: uniqueName('plain') },
    );
    await handle.signal('goOn');
    await handle.result();
    const json = historyToJSON(await handle.fetchHistory());
    let marked = 0;
    const history = JSON.parse(json, (key, value: unknown) => {
      if (VOLATILE.test(key)) return undefined;
      // When a local activity was executed.
      if (key === 'details') return undefined;
      if (key !== 'header' || typeof value !== 'object' || value === null) return value;
      const { fields = {} } = value as { fields?: Record<string, { data?: string }> };
      if (fields[HEADER]?.data === PAYLOAD) marked += 1;
      const rest = Object.entries(fields).filter(([name]) => name !== HEADER);
      return rest.length === 0 ? undefined : { fields: Object.fromEntries(rest) };
    }) as { readonly events: readonly { readonly eventType: string }[] };
    // How many workflow tasks there are depends on what comes while one is under way.
    const events = history.events.filter(
      ({ eventType }) => !eventType.startsWith('EVENT_TYPE_WORKFLOW_TASK'),
    );
    return { events, marked };
  });
}

describe('a workflow of no team, on a worker that meters others,', () => {
  it('has the history it would have without the plugin, but for one header of its activities', async () => {
    const without = await historyOf(null);
    const with_ = await historyOf(shop.plugin());
    expect(with_.events).toEqual(without.events);
    expect({ with: with_.marked, without: without.marked }).toEqual({ with: 2, without: 0 });
    // What is compared is not nothing.
    expect(JSON.stringify(without.events)).toMatch(/lookUp.*startChild|startChild.*lookUp|child/);
  });
});
