import { ApplicationFailure, condition, setDefaultUpdateHandler } from '@temporalio/workflow';
import { getActivator } from '@temporalio/workflow/lib/global-attributes';

/**
 * Updates that arrive before the workflow's own code has begun wait for it; without a handler they would be refused.
 * Signals are kept by the SDK.
 */
export function holdUpdates(): { release<T>(begin: () => Promise<T>): Promise<T> } {
  let begun = false;
  setDefaultUpdateHandler(async (name, ...args: unknown[]) => {
    await condition(() => begun);
    const entry = getActivator().updateHandlers.get(name);
    if (entry === undefined)
      throw ApplicationFailure.nonRetryable(`No registered handler for update: ${name}`);
    entry.validator?.(...args);
    return entry.handler(...args);
  });
  return {
    release: (begin) => {
      setDefaultUpdateHandler(undefined);
      const work = begin();
      begun = true;
      return work;
    },
  };
}
