import { collectDefaultMetrics, Gauge, type Registry } from 'prom-client';
import { packageVersion } from './package-version';

/** What a process of ours tells of itself beside what it does: which version it is, and Node's own metrics. */
export function processMetrics(registry: Registry, component: 'api' | 'worker'): void {
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'flow_credits_build_info',
    help: '1, labelled with what runs.',
    labelNames: ['version', 'node', 'component'],
    registers: [registry],
  }).set({ version: packageVersion(), node: process.version, component }, 1);
}
