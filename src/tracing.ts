/** Spans of the ledger in a platform's own OpenTelemetry. Needs `@opentelemetry/api`. */
export { ledgerSpans, type TraceApi } from './ops/spans';
