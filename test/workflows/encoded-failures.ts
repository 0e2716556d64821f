import { DefaultFailureConverter } from '@temporalio/common';

/** Temporal's own, told to hand messages and stack traces to the codec as well: by itself it leaves them readable. */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
