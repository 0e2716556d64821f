/** Metrics in a platform's own registry. Needs `prom-client`. */
export { flowCreditsMetrics, type FlowCreditsMetrics } from './ops/metrics';
export { ledgerGauges, type GaugesOptions, type TotalsReader } from './ops/ledger-gauges';
