import { takeTeardown } from './teardown-list';

/** Ends what the set-up started. When jest dies before this, the guardian of the servers does it. */
export default async function globalTeardown(): Promise<void> {
  for (const step of takeTeardown()) await step();
}
