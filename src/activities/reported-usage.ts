import { AsyncLocalStorage } from 'node:async_hooks';
import { usageSchema, type Usage } from '../contracts/usage';

interface Report {
  usage: Usage | null;
}

const reports = new AsyncLocalStorage<Report>();

/**
 * Tells the meter what the current activity used: model calls and tools add up over several calls, and so do units.
 * Outside of a metered activity it does nothing. Throws `ZodError` on a usage that makes no sense.
 */
export function reportUsage(usage: Usage): void {
  const report = reports.getStore();
  const parsed = usageSchema.parse(usage);
  if (report !== undefined) report.usage = merged(report.usage ?? {}, parsed);
}

/** Runs an activity and keeps what it reports. */
export function reporting<T>(report: Report, work: () => Promise<T>): Promise<T> {
  return reports.run(report, work);
}

export function emptyReport(): Report {
  return { usage: null };
}

function merged(a: Usage, b: Usage): Usage {
  const modelCalls = [...(a.modelCalls ?? []), ...(b.modelCalls ?? [])];
  const mcpTools = [...(a.mcpTools ?? []), ...(b.mcpTools ?? [])];
  const units = a.units === undefined && b.units === undefined ? undefined : (a.units ?? 0) + (b.units ?? 0);
  return {
    ...a,
    ...b,
    ...(modelCalls.length === 0 ? {} : { modelCalls }),
    ...(mcpTools.length === 0 ? {} : { mcpTools }),
    ...(units === undefined ? {} : { units }),
  };
}
