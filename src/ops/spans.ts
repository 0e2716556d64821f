import type * as OpenTelemetry from '@opentelemetry/api';
import { type LedgerObserver, type OperationEnd } from '../ledger';

export type TraceApi = typeof OpenTelemetry;

/**
 * A span for each ledger operation whose caller is traced, with its team and run. For a platform that has set
 * OpenTelemetry up itself: `ledger.observe(ledgerSpans(await import('@opentelemetry/api')))`.
 */
export function ledgerSpans({ context, trace, SpanKind, SpanStatusCode }: TraceApi): LedgerObserver {
  const tracer = trace.getTracer('temporal-flow-credits');
  return {
    submitted: (operation) => {
      const active = context.active();
      // What nobody traces begins no trace: a reset alone is a hundred thousand operations.
      if (trace.getSpan(active) === undefined) return null;
      const { kind, team } = operation;
      const span = tracer.startSpan(
        `ledger.${kind}`,
        {
          kind: SpanKind.CLIENT,
          attributes: {
            'db.system.name': 'postgresql',
            'flow_credits.team': team,
            ...('runId' in operation ? { 'flow_credits.run': operation.runId } : {}),
            ...('key' in operation ? { 'flow_credits.key': operation.key } : {}),
          },
        },
        active,
      );
      return ({ result, error }: OperationEnd) => {
        if (error === null) span.setAttribute('flow_credits.answer', result.status);
        else {
          span.recordException(error);
          span.setStatus({ code: SpanStatusCode.ERROR, message: error.name });
        }
        span.end();
      };
    },
  };
}
