import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Client } from '@temporalio/client';
import { OpenTelemetryPlugin } from '@temporalio/interceptors-opentelemetry';
import { Resource } from '@opentelemetry/resources';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { SimplePlugin } from '@temporalio/plugin';
import { type Worker, type WorkerPlugin } from '@temporalio/worker';
import { credits } from '../../src/contracts/millicredits';
import { withTeam } from '../../src/client';
import { testClient, uniqueName, withWorker, workflowBundle } from '../support';
import { encrypting } from '../workflows/payload-codec';
import { found, historyTexts } from '../workflows/payload-texts';
import { orderActivities } from './activities';
import { openShop, type Shop } from './shop';
import { propagateTraces } from './tracing';

const workflowsPath = require.resolve('./workflows');

let shop: Shop;
beforeAll(async () => {
  propagateTraces();
  shop = await openShop(workflowsPath);
});

const team = { header: 'x-team' };

/** Runs one order of the team's by a client and a worker with these plugins, in this order. */
async function runOrder(mine: string, plugins: (SimplePlugin & WorkerPlugin)[]): Promise<void> {
  const client: Client = await testClient({ plugins });
  const taskQueue = uniqueName('composed');
  const bundle = await workflowBundle({ workflowsPath, plugins });
  await withWorker({ taskQueue, workflowBundle: bundle, plugins, activities: orderActivities() }, () =>
    withTeam(mine, () =>
      client.workflow.execute('handleOrder', {
        taskQueue,
        workflowId: uniqueName('order'),
        args: [{ id: 'x' }],
      }),
    ),
  );
  expect(await shop.runs(mine)).toMatchObject([{ status: 'closed', charged: credits(3), holds: [] }]);
  expect(await shop.violations(mine)).toEqual([]);
}

describe.each([['before'], ['after']])('the plugin, %s another one', (place) => {
  const inOrder = <T>(ours: T, other: T): T[] => (place === 'before' ? [ours, other] : [other, ours]);

  it('composes with OpenTelemetry: traces go through, and the charge is the same', async () => {
    const exporter = new InMemorySpanExporter();
    const resource = new Resource({ 'service.name': 'shop' });
    const spanProcessor = new SimpleSpanProcessor(exporter);
    const provider = new BasicTracerProvider({ resource, spanProcessors: [spanProcessor] });
    const tracer = provider.getTracer('shop');
    const otel = new OpenTelemetryPlugin({ resource, spanProcessor, tracer });
    const mine = await shop.desk.team('solo');
    await runOrder(mine, inOrder<SimplePlugin & WorkerPlugin>(shop.plugin({ team }), otel));
    const spans = exporter.getFinishedSpans();
    const names = spans.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['RunWorkflow:handleOrder', 'StartActivity:lookUp', 'RunActivity:lookUp']),
    );
    // Where tracing comes first, admission and close are in the workflow's trace as well.
    const traced = spans.filter(({ name }) => place === 'after' || !name.includes('flowCredits.'));
    expect(new Set(traced.map((span) => span.spanContext().traceId)).size).toBe(1);
  });

  it('composes with a plugin that has activities, interceptors and a context of its own', async () => {
    const seen: string[] = [];
    const other = new SimplePlugin({
      name: 'other',
      activities: { 'other.ping': () => Promise.resolve('pong') },
      workerInterceptors: {
        activity: [
          ({ info }) => ({
            inbound: {
              execute: (input, next) => {
                seen.push(info.activityType);
                return next(input);
              },
            },
          }),
        ],
      },
      runContext: async (next) => {
        seen.push('begun');
        await next();
        seen.push('ended');
      },
    });
    const mine = await shop.desk.team('solo');
    await runOrder(mine, inOrder<SimplePlugin & WorkerPlugin>(shop.plugin({ team }), other));
    expect(seen.filter((what) => !what.startsWith('flowCredits.'))).toEqual([
      'begun',
      'lookUp',
      'notify',
      'ended',
    ]);
  });
});

describe('a platform’s own codec and converters', () => {
  it('hold what is its own; the wait and the release go through them, too', async () => {
    const { codec, dataConverter: encoding } = encrypting();
    const payloadConverterPath = require.resolve('./bigint-converter');
    const dataConverter = { ...encoding, payloadConverterPath };
    const { failureConverterPath } = encoding;
    const private_ = await openShop(workflowsPath, {
      dataConverter: encoding,
      pricing: shop.desk.pricing,
    });
    const client = await testClient({ dataConverter });
    const mine = await private_.desk.emptyTeam('solo');
    const plugin = private_.plugin();
    const bundle = await workflowBundle({
      workflowsPath,
      plugins: [plugin],
      payloadConverterPath,
      ...(failureConverterPath === undefined ? {} : { failureConverterPath }),
    });
    const taskQueue = uniqueName('encoded');
    const activities = orderActivities();
    const workflowId = uniqueName('order');
    const options = { taskQueue, workflowBundle: bundle, plugins: [plugin], activities, dataConverter };
    await withWorker(options, async (_worker: Worker) => {
      const args = [{ id: 'a private sentence', team: mine, amount: 12n }];
      const handle = await client.workflow.start('handleOrder', { taskQueue, workflowId, args });
      await private_.desk.client.setPayAsYouGo(mine, { actor: 'test', enabled: true, uncapped: true });
      await expect(handle.result()).resolves.toBe('found a private sentence');
    });
    expect(await private_.runs(mine)).toMatchObject([{ status: 'closed', charged: credits(3) }]);
    const texts = await historyTexts(private_.desk.temporal, workflowId);
    expect(found(['a private sentence'], texts)).toEqual([]);
    expect(codec.plain).toBe(0);
  });
});
