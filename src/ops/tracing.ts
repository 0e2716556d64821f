import { type OpenTelemetryPlugin } from '@temporalio/interceptors-opentelemetry';
import { isMissingPackage } from '../contracts/missing-package';
import { type LedgerObserver } from '../ledger';
import { packageVersion } from './package-version';
import { ledgerSpans, type TraceApi } from './spans';

/** Traces of a process, where an exporter is configured. */
export interface Tracing {
  readonly api: TraceApi;
  /** For Temporal's clients and workers, and for the bundle of their workflows. */
  readonly plugin: OpenTelemetryPlugin;
  /** For `ledger.observe`: a span for each operation of a traced caller. */
  readonly ledger: LedgerObserver;
  /** Sends what is left. */
  close(): Promise<void>;
}

/**
 * Sets OpenTelemetry up where the environment names an exporter, by its own variables: `OTEL_EXPORTER_OTLP_ENDPOINT`,
 * `OTEL_TRACES_EXPORTER` (`otlp`, `console`, `none`), `OTEL_EXPORTER_OTLP_PROTOCOL` (`http/protobuf`, `http/json`),
 * `OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_SERVICE_NAME`, `OTEL_RESOURCE_ATTRIBUTES`, `OTEL_TRACES_SAMPLER`. Null where it names
 * none: then nothing of OpenTelemetry is loaded. Throws where its packages are missing, or an exporter is unknown.
 */
export async function tracingFrom(env: NodeJS.ProcessEnv, serviceName: string): Promise<Tracing | null> {
  const exporter = exporterIn(env);
  if (exporter === null) return null;
  if (exporter === 'otlp') protocolIn(env);
  // A process has one: where worker and API share one, they share it.
  present ??= { users: 0, tracing: setUp(exporter, env, serviceName) };
  const { tracing } = present;
  present.users += 1;
  try {
    const made = await tracing;
    return { ...made, close: () => leave(made) };
  } catch (error) {
    present = null;
    throw error;
  }
}

let present: { users: number; readonly tracing: Promise<Tracing> } | null = null;

async function leave(tracing: Tracing): Promise<void> {
  if (present === null) return;
  present.users -= 1;
  if (present.users > 0) return;
  present = null;
  await tracing.close();
}

async function setUp(exporter: Exporter, env: NodeJS.ProcessEnv, serviceName: string): Promise<Tracing> {
  const [api, node, resources, temporal] = await packages();
  // What the environment says of the service goes before what we call it.
  const resource = new resources.Resource({
    ...resources.Resource.default().attributes,
    'service.name': serviceName,
    'service.version': packageVersion(),
    ...resources.detectResourcesSync({ detectors: [resources.envDetectorSync] }).attributes,
  });
  const spanProcessor = new node.BatchSpanProcessor(await exporterOf(exporter, env));
  const provider = new node.NodeTracerProvider({ resource, spanProcessors: [spanProcessor] });
  provider.register();
  return {
    api,
    plugin: new temporal.OpenTelemetryPlugin({ resource, spanProcessor }),
    ledger: ledgerSpans(api),
    close: async () => {
      // An exporter that cannot be reached is no reason not to end.
      await provider.shutdown().catch(() => undefined);
      api.trace.disable();
      api.context.disable();
      api.propagation.disable();
    },
  };
}

type Exporter = 'otlp' | 'console';

function exporterIn(env: NodeJS.ProcessEnv): Exporter | null {
  if (env['OTEL_SDK_DISABLED']?.toLowerCase() === 'true') return null;
  const named = env['OTEL_TRACES_EXPORTER'];
  if (named === 'none') return null;
  if (named === 'otlp' || named === 'console') return named;
  if (named) throw new Error(`OTEL_TRACES_EXPORTER "${named}": must be otlp, console or none`);
  return env['OTEL_EXPORTER_OTLP_ENDPOINT'] || env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] ? 'otlp' : null;
}

/** Where to, and with which headers, the exporter reads from the environment of the process by itself. */
async function exporterOf(exporter: Exporter, env: NodeJS.ProcessEnv) {
  if (exporter === 'console') {
    const { ConsoleSpanExporter } = await import('@opentelemetry/sdk-trace-node');
    return new ConsoleSpanExporter();
  }
  if (protocolIn(env) === 'http/json') {
    const { OTLPTraceExporter } = await needed(() => import('@opentelemetry/exporter-trace-otlp-http'));
    return new OTLPTraceExporter();
  }
  const { OTLPTraceExporter } = await needed(() => import('@opentelemetry/exporter-trace-otlp-proto'));
  return new OTLPTraceExporter();
}

function protocolIn(env: NodeJS.ProcessEnv): 'http/protobuf' | 'http/json' {
  const { OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: ofTraces, OTEL_EXPORTER_OTLP_PROTOCOL: ofAll } = env;
  const [protocol = 'http/protobuf'] = [ofTraces, ofAll].filter(Boolean);
  if (protocol === 'http/protobuf' || protocol === 'http/json') return protocol;
  throw new Error(`OTEL_EXPORTER_OTLP_PROTOCOL "${protocol}": must be http/protobuf or http/json`);
}

function packages() {
  return needed(() =>
    Promise.all([
      import('@opentelemetry/api'),
      import('@opentelemetry/sdk-trace-node'),
      import('@opentelemetry/resources'),
      import('@temporalio/interceptors-opentelemetry'),
    ]),
  );
}

const INSTALL =
  'npm install @opentelemetry/api@1.9 @opentelemetry/sdk-trace-node@1 @opentelemetry/resources@1 ' +
  '@opentelemetry/exporter-trace-otlp-proto@0.57 @temporalio/interceptors-opentelemetry';

async function needed<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (!isMissingPackage(error)) throw error;
    throw new Error(`an exporter of traces is set, and OpenTelemetry is not installed: ${INSTALL}`, {
      cause: error,
    });
  }
}
