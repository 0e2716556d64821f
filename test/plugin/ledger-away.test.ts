import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Submitter } from '../../src/activities';
import { credits } from '../../src/contracts/millicredits';
import { type Operation, type ResultOf } from '../../src/ledger/core/operations';
import { FlowCreditsPlugin } from '../../src/plugin/flow-credits-plugin';
import { type WakeSource } from '../../src/plugin/wake-on-release';
import { loadPricing } from '../../src/pricing';
import { violationsOf } from '../failures/books';
import { uniqueName, withWorker, workflowBundle } from '../support';
import { openDesk, type Desk } from '../workflows/desk';
import { orderActivities } from './activities';

/** The real ledger behind a line that a test cuts: so many of the next reserves and commits get no answer. */
class CutLine implements Submitter, WakeSource {
  cuts = 0;
  constructor(private readonly desk: Desk) {}

  submit<O extends Operation>(operation: O, options?: { timeoutMs?: number }): Promise<ResultOf<O>> {
    if (this.cuts > 0 && (operation.kind === 'reserve' || operation.kind === 'commit')) {
      this.cuts -= 1;
      return Promise.reject(new Error('connection refused'));
    }
    return this.desk.ledger.submit(operation, options);
  }

  onWake(listener: (teams: readonly string[]) => void): () => void {
    return this.desk.ledger.onWake(listener);
  }
}

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk({ pricing: loadPricing({ cardFiles: [join(__dirname, 'card.json')] }) });
});

describe('an ordinary activity while the ledger is away', () => {
  it.each([
    ['handleOrder', {}, { lookUp: 1, notify: 1 }, [true]],
    // It goes on as new at once; what is still to be committed is this execution's to commit.
    ['handleInRounds', { rounds: 2 }, { lookUp: 2 }, [true, false]],
  ])(
    'of %s is executed once, and charged once by its workflow when the ledger is back',
    async (type, more, calls, unreserved) => {
      const line = new CutLine(desk);
      const { reader, pricing, taskQueue: keepers } = desk;
      const plugin = new FlowCreditsPlugin({
        ledger: line,
        reader,
        pricing,
        team: { memo: 'team' },
        teamBilling: { taskQueue: keepers, lingerMs: 200 },
      });
      const team = await desk.team('solo');
      const activities = orderActivities();
      const taskQueue = uniqueName('orders');
      const bundle = await workflowBundle({
        workflowsPath: require.resolve('./workflows'),
        plugins: [plugin],
      });
      await withWorker({ taskQueue, workflowBundle: bundle, plugins: [plugin], activities }, async () => {
        // The activity's reserve and commit, and the workflow's first try.
        line.cuts = 3;
        const handle = await desk.temporal.workflow.start(type, {
          taskQueue,
          workflowId: uniqueName('order'),
          memo: { team },
          args: [{ id: 'x', ...more }],
        });
        await expect(handle.result()).resolves.toBe('found x');
      });
      expect(line.cuts).toBe(0);
      expect(activities.calls).toEqual(calls);
      const [run] = await reader.runs(team, { limit: 10 });
      expect(run).toMatchObject({ status: 'closed', charged: credits(3 * unreserved.length), holds: [] });
      const charges = await reader.charges(team, run?.runId ?? '');
      expect(charges).toMatchObject(
        unreserved.map((each) => ({ amount: credits(3), unreserved: each, late: false })),
      );
      expect(await violationsOf(desk.pool, pricing, team)).toEqual([]);
    },
  );
});
