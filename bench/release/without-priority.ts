import { type WorkflowInterceptorsFactory } from '@temporalio/workflow';

/** Takes priority and fairness off every activity: what a release does to others where nobody thought of them. */
export const interceptors: WorkflowInterceptorsFactory = () => ({
  outbound: [
    {
      scheduleActivity: (input, next) => {
        const { priority: _none, ...options } = input.options;
        return next({ ...input, options });
      },
    },
  ],
});
