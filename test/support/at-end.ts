import { afterAll } from '@jest/globals';

const steps: (() => Promise<void>)[] = [];

/** Does a step after the suite; the last one first, so that what was opened on something is closed before it. */
export function atEnd(step: () => Promise<void>): void {
  steps.push(step);
}

afterAll(async () => {
  for (const step of steps.splice(0).reverse()) await step();
});
