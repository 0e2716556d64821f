import { defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';

type Interceptor = ReturnType<typeof makeGrpcRetryInterceptor>;
type Call = ReturnType<Parameters<Interceptor>[1]>;
type Status = Parameters<ReturnType<typeof defaultGrpcRetryOptions>['retryableDecider']>[1];

/** A try that failed, and how long the next one is to wait. */
interface Failed {
  readonly status: Status;
  readonly againInMs: number;
}

/**
 * For a connection's `interceptors`: calls are tried again as the SDK does it, until `ending` is aborted; then those that
 * wait fail at once, and others when their try has, with what their last try failed with. Abort it before the
 * connection is closed: the SDK's own retries go on by a timer, which keeps the process up for seconds, and the first
 * after `close()` throws "Channel has been shut down" where nobody can catch it.
 */
export function retriesUntil(ending: AbortSignal): Interceptor {
  const { delayFunction, retryableDecider } = defaultGrpcRetryOptions();
  const waiting = new Waiting(ending);
  return (options, nextCall) => {
    let last: Failed | null = null;
    const retrying = makeGrpcRetryInterceptor({
      // The SDK's timer is one that nothing stops: it comes at once, and the call that it makes waits.
      delayFunction: () => 0,
      retryableDecider: (attempt, status) => {
        last = { status, againInMs: delayFunction(attempt, status) };
        return !ending.aborted && retryableDecider(attempt, status);
      },
    });
    return retrying(options, (next) => {
      const begin = (): Call => nextCall(next);
      return last === null ? begin() : later(begin, last, waiting);
    });
  };
}

/** Those that wait: each until its time has come, or all end. */
class Waiting {
  private readonly ends = new Set<() => void>();

  constructor(private readonly ending: AbortSignal) {
    ending.addEventListener('abort', () => {
      for (const end of this.ends) end();
    });
  }

  /** Calls one of the two. */
  wait(milliseconds: number, then: () => void, ended: () => void): void {
    if (this.ending.aborted) {
      ended();
      return;
    }
    const timer = setTimeout(() => {
      this.ends.delete(end);
      then();
    }, milliseconds);
    const end = (): void => {
      clearTimeout(timer);
      this.ends.delete(end);
      ended();
    };
    this.ends.add(end);
  }
}

/** A call that begins when it has waited: what it is asked until then it does then. */
function later(begin: () => Call, { status, againInMs }: Failed, waiting: Waiting): Call {
  let begun: Call | null = null;
  const steps: ((call: Call) => void)[] = [];
  const step = (take: (call: Call) => void): void => {
    if (begun === null) steps.push(take);
    else take(begun);
  };
  return {
    start: (metadata, listener) => {
      step((call) => {
        call.start(metadata, listener);
      });
      waiting.wait(
        againInMs,
        () => {
          begun = begin();
          for (const take of steps.splice(0)) take(begun);
        },
        () => listener?.onReceiveStatus?.(status),
      );
    },
    cancelWithStatus: (...how) => {
      step((call) => {
        call.cancelWithStatus(...how);
      });
    },
    sendMessageWithContext: (...what) => {
      step((call) => {
        call.sendMessageWithContext(...what);
      });
    },
    sendMessage: (message) => {
      step((call) => {
        call.sendMessage(message);
      });
    },
    startRead: () => {
      step((call) => {
        call.startRead();
      });
    },
    halfClose: () => {
      step((call) => {
        call.halfClose();
      });
    },
    getPeer: () => begun?.getPeer() ?? 'nobody',
    getAuthContext: () => begun?.getAuthContext() ?? null,
  };
}
