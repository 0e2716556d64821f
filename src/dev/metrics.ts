import { missingPackage } from '../contracts/missing-package';
import { type FlowCreditsMetrics } from '../ops/metrics';

/**
 * What the worker of this process measures, for its `observer`, and for the API of this process, which serves it. Null
 * where `prom-client` is not installed.
 */
export async function stackMetrics(): Promise<FlowCreditsMetrics | null> {
  try {
    const { flowCreditsMetrics } = await import('../ops/metrics.js');
    return flowCreditsMetrics();
  } catch (error) {
    if (missingPackage(error) === null) throw error;
    return null;
  }
}
