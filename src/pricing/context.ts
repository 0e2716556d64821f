import { type Location, type RunContext, type Trigger } from '../contracts/context';
import { type Fault } from '../contracts/flow';

/** A manual run is local unless Cloud Run is on; automated runs are cloud runs (the seed, "How Flows consume credits"). */
export function runLocation(trigger: Trigger, cloudRun = false): Location {
  return trigger === 'manual' && !cloudRun ? 'local' : 'cloud';
}

/** What is known of a run's start. */
export interface ContextInput {
  readonly trigger: Trigger;
  readonly location?: Location | undefined;
  readonly cloudRun?: boolean | undefined;
}

/** The context a run is priced in, or what contradicts itself in what was asked for. */
export function contextOf({
  trigger,
  location,
  cloudRun,
}: ContextInput): { readonly context: RunContext } | { readonly faults: readonly Fault[] } {
  if (location === undefined) return { context: { trigger, location: runLocation(trigger, cloudRun) } };
  if (location === 'local' && trigger !== 'manual') {
    const message = `must not be "local" with trigger "${trigger}": only manual runs are local; leave it out or say "cloud"`;
    return { faults: [{ path: 'location', message }] };
  }
  if (cloudRun !== undefined && cloudRun !== (location === 'cloud')) {
    const message = `contradicts location "${location}"; give one of the two`;
    return { faults: [{ path: 'cloudRun', message }] };
  }
  return { context: { trigger, location } };
}
