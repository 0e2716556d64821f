/** jest loads set-up and teardown as separate modules of one process; this is what they share. */
type Step = () => Promise<void>;
const shared = globalThis as typeof globalThis & { flowCreditsTeardown?: Step[] };

export function keepForTeardown(step: Step): void {
  (shared.flowCreditsTeardown ??= []).push(step);
}

/** The steps, last first. */
export function takeTeardown(): Step[] {
  const steps = shared.flowCreditsTeardown ?? [];
  shared.flowCreditsTeardown = [];
  return steps.reverse();
}
