import { defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';

type Interceptor = ReturnType<typeof makeGrpcRetryInterceptor>;
type Call = ReturnType<Parameters<Interceptor>[1]>;
type Status = Parameters<ReturnType<typeof defaultGrpcRetryOptions>['retryableDecider']>[1];

/**
 * For a connection's `interceptors`: calls are tried again as the SDK does it, until `ending` is aborted; from then on
 * they fail with what their last try failed with. Abort it before the connection is closed: the SDK's own retries go on
 * by a timer, and the first after `close()` throws "Channel has been shut down" where nobody can catch it.
 */
export function retriesUntil(ending: AbortSignal): Interceptor {
  const { delayFunction, retryableDecider } = defaultGrpcRetryOptions();
  return (options, nextCall) => {
    let last: Status | null = null;
    const retrying = makeGrpcRetryInterceptor({
      delayFunction,
      retryableDecider: (attempt, status) => {
        last = status;
        return !ending.aborted && retryableDecider(attempt, status);
      },
    });
    // Who has failed already and comes again comes by the timer, which nothing stops.
    return retrying(options, (next) => (ending.aborted && last !== null ? failed(last) : nextCall(next)));
  };
}

/** A call that has failed without being made. */
function failed(status: Status): Call {
  return {
    start: (_metadata, listener) => listener?.onReceiveStatus?.(status),
    cancelWithStatus: () => undefined,
    sendMessageWithContext: () => undefined,
    sendMessage: () => undefined,
    startRead: () => undefined,
    halfClose: () => undefined,
    getPeer: () => 'nobody',
    getAuthContext: () => null,
  };
}
