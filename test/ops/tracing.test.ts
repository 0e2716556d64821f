import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OpenTelemetryPlugin } from '@temporalio/interceptors-opentelemetry';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils';
import { Client } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { createApi } from '../../src/api';
import { traceRequests } from '../../src/api/tracing';
import { FlowCreditsClient } from '../../src/client';
import { tracingFrom, type Tracing } from '../../src/ops/tracing';
import { atEnd, eventually, testConnection, testNamespace, uniqueName, workflowBundle } from '../support';
import { callsInTurn, openDesk } from '../workflows/desk';
import { startOtlpReceiver, type OtlpReceiver, type ReceivedSpan } from './otlp-receiver';

const before = { ...process.env };
let receiver: OtlpReceiver;
let tracing: Tracing;

beforeAll(async () => {
  receiver = await startOtlpReceiver();
  Object.assign(process.env, {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_SERVICE_NAME: 'a platform',
    OTEL_BSP_SCHEDULE_DELAY: '50',
  });
  const made = await tracingFrom(process.env, 'flow-credits-test');
  if (made === null) throw new Error('no tracing, though an exporter is named');
  tracing = made;
});

afterAll(async () => {
  await tracing.close();
  await receiver.close();
  process.env = before;
});

function bundled(): Promise<{ codePath: string }> {
  return workflowBundle({
    workflowsPath: require.resolve('../../src/workflows'),
    plugins: [tracing.plugin],
  });
}

/** The span and all above it, as names. */
function pathTo(span: ReceivedSpan, all: readonly ReceivedSpan[]): string[] {
  const parent = all.find(({ spanId }) => spanId === span.parentSpanId);
  return parent === undefined ? [span.name] : [...pathTo(parent, all), span.name];
}

describe('a trace', () => {
  it('goes from the API through the workflow and its activities to the ledger, with team and run', async () => {
    const { plugin } = tracing;
    const desk = await openDesk({
      worker: { workflowBundle: await bundled(), worker: { plugins: [plugin] } },
    });
    desk.ledger.observe(tracing.ledger);
    const temporal = new Client({
      connection: await testConnection(),
      namespace: testNamespace(),
      plugins: [plugin],
    });
    const client = new FlowCreditsClient({
      client: temporal,
      reader: desk.reader,
      taskQueue: desk.taskQueue,
    });
    const team = await desk.team('solo');
    desk.gate.open();
    const workflowId = uniqueName('traced');
    const app = await createApi({
      client,
      reader: desk.reader,
      pricing: desk.pricing,
      authenticate: () => Promise.reject(new Error('nobody asks /v1')),
      around: [traceRequests(tracing.api)],
      plugins: [
        (own) => {
          own.post('/start', async () => {
            const flow = callsInTurn(`${desk.gate.url}/${workflowId}`, ['a']);
            const run = await client.startRun({ workflowId, team, flow, trigger: 'api', wait: 'admission' });
            await run.result();
            return { runId: run.runId };
          });
          return Promise.resolve();
        },
      ],
    });
    atEnd(() => app.close());
    const traceId = 'abcdefabcdefabcdefabcdefabcdefab';
    const answer = await app.inject({
      method: 'POST',
      url: '/start',
      headers: { traceparent: `00-${traceId}-1234567890abcdef-01` },
    });
    const { runId } = answer.json<{ runId: string }>();

    const spans = await eventually(() => {
      const all = receiver.spans.filter((span) => span.traceId === traceId);
      expect(all.map(({ name }) => name)).toEqual(
        expect.arrayContaining([
          'POST /start',
          'RunWorkflow:flowRun',
          'ledger.admit',
          'ledger.reserve',
          'ledger.commit',
          'ledger.close',
        ]),
      );
      return all;
    });
    const named = (name: string): ReceivedSpan => {
      const found = spans.find((span) => span.name === name);
      if (found === undefined) throw new Error(`no span "${name}"`);
      return found;
    };
    expect(named('POST /start')).toMatchObject({ parentSpanId: '1234567890abcdef', service: 'a platform' });
    expect(pathTo(named('ledger.commit'), spans)).toEqual([
      'POST /start',
      'UpdateWithStartWorkflow:admission',
      'RunWorkflow:flowRun',
      'StartActivity:flowCredits.executeBlock',
      'RunActivity:flowCredits.executeBlock',
      'ledger.commit',
    ]);
    expect(pathTo(named('ledger.admit'), spans)).toContain('RunActivity:flowCredits.admitFlow');
    expect(named('ledger.commit').attributes).toMatchObject({
      'flow_credits.team': team,
      'flow_credits.run': runId,
      'flow_credits.key': 'a',
      'flow_credits.answer': 'charged',
    });
  });

  it('is begun by nobody’s ledger operation: what is not traced has no spans', async () => {
    const desk = await openDesk({ working: false });
    desk.ledger.observe(tracing.ledger);
    const team = uniqueName('untraced');
    await desk.ledger.submit({ kind: 'touch', team });
    await tracing.api.trace.getTracer('test').startActiveSpan('traced', async (span) => {
      await desk.ledger.submit({ kind: 'touch', team });
      span.end();
    });
    await eventually(() => {
      const ours = receiver.spans.filter(({ attributes }) => attributes['flow_credits.team'] === team);
      expect(ours.map((span) => pathTo(span, receiver.spans))).toEqual([['traced', 'ledger.touch']]);
    });
  });
});

describe('workflow code with traces', () => {
  const folder = join(__dirname, '../histories/recorded');
  // Those of ordinary workflows are of other bundles.
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.json') && !/^(order|plugin)-/.test(name))
    .map((name) => name.replace(/\.json$/, ''));

  it.each(names)('replays %s, which was recorded without', async (name) => {
    const history = historyFromJSON(
      JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as unknown,
    );
    const id = history.events?.[0]?.workflowExecutionStartedEventAttributes?.workflowId ?? '';
    await Worker.runReplayHistory(
      { workflowBundle: await bundled(), plugins: [tracing.plugin] },
      history,
      id,
    );
  });
});

describe('where no exporter is named', () => {
  it.each([
    {},
    { OTEL_TRACES_EXPORTER: 'none' },
    { OTEL_SDK_DISABLED: 'true', OTEL_TRACES_EXPORTER: 'otlp' },
  ])('there are no traces: %j', async (env) => {
    expect(await tracingFrom(env, 'nothing')).toBeNull();
  });

  it.each([
    [{ OTEL_TRACES_EXPORTER: 'zipkin' }, 'must be otlp, console or none'],
    [
      { OTEL_TRACES_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
      'must be http/protobuf or http/json',
    ],
  ])('or one that there is not, it is told: %j', async (env, message) => {
    await expect(tracingFrom(env, 'nothing')).rejects.toThrow(message);
  });

  it('the plugin of Temporal is the one that we know', () => {
    expect(tracing.plugin).toBeInstanceOf(OpenTelemetryPlugin);
  });
});
