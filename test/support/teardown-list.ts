/** jest loads set-up and teardown as separate modules of one process; this is what they share. */
const KEY = Symbol.for('flow-credits.test.teardown');
type Step = () => Promise<void>;
const shared: { [KEY]?: Step[] } = globalThis;

export function keepForTeardown(step: Step): void {
  (shared[KEY] ??= []).push(step);
}

/** The steps, last first. */
export function takeTeardown(): Step[] {
  const steps = shared[KEY] ?? [];
  shared[KEY] = [];
  return steps.reverse();
}
