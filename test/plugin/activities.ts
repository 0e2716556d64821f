import { ApplicationFailure } from '@temporalio/activity';
import { reportUsage } from '../../src/activity';

export interface OrderActivities {
  lookUp(id: string): Promise<string>;
  notify(found: string): Promise<void>;
  summarise(id: string, failing: boolean): Promise<string>;
}

/** Activities as a platform has them, and how often each was called. */
export function orderActivities(): OrderActivities & { readonly calls: Record<string, number> } {
  const calls: Record<string, number> = {};
  const count = (name: string): void => {
    calls[name] = (calls[name] ?? 0) + 1;
  };
  return {
    calls,
    lookUp: (id) => {
      count('lookUp');
      return Promise.resolve(`found ${id}`);
    },
    notify: () => {
      count('notify');
      return Promise.resolve();
    },
    summarise: (id, failing) => {
      count('summarise');
      reportUsage({ modelCalls: [{ model: 'small', calls: 2 }] });
      if (failing) return Promise.reject(ApplicationFailure.retryable('the model talks nonsense'));
      return Promise.resolve(`in short: ${id}`);
    },
  };
}
