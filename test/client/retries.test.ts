import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it, jest } from '@jest/globals';
import { Connection, makeGrpcRetryInterceptor } from '@temporalio/client';
import { retriesUntil } from '../../src/client/retries';
import { atEnd } from '../support';

const AWAY = { code: 14 };

/** A call of a Temporal that is not there; `onTry` before each try, `onFailure` when it has failed. */
function call(
  ending: AbortSignal,
  onTry: () => void,
  onFailure: () => void = () => undefined,
): { readonly connection: Connection; readonly failure: Promise<unknown> } {
  /** An interceptor that tries once: what stands between the retries and the wire. */
  const once = makeGrpcRetryInterceptor({
    delayFunction: () => 0,
    retryableDecider: () => {
      onFailure();
      return false;
    },
  });
  const connection = Connection.lazy({
    address: '127.0.0.1:1',
    interceptors: [
      retriesUntil(ending),
      (options, next) => {
        onTry();
        return once(options, next);
      },
    ],
  });
  atEnd(() => connection.close());
  const failure = connection.workflowService.getSystemInfo({}).catch((error: unknown) => error);
  return { connection, failure };
}

describe('retriesUntil', () => {
  it('tries again, and not once more when it is told to end', async () => {
    const ending = new AbortController();
    let tries = 0;
    const { failure } = call(ending.signal, () => {
      tries += 1;
      if (tries === 3) ending.abort();
    });
    expect(await failure).toMatchObject(AWAY);
    expect(tries).toBe(3);
  });

  it('lets a call that is new try once', async () => {
    let tries = 0;
    const { failure } = call(AbortSignal.abort(), () => {
      tries += 1;
    });
    expect(await failure).toMatchObject(AWAY);
    expect(tries).toBe(1);
  });

  it('fails a call that waits to try again at once, as its last try failed, and the connection may be closed meanwhile', async () => {
    // No time passes by itself: whoever waits for a time to come waits for ever.
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'performance', 'Date'] });
    atEnd(() => {
      jest.useRealTimers();
      return Promise.resolve();
    });
    const ending = new AbortController();
    let [tries, failures] = [0, 0];
    const { connection, failure } = call(
      ending.signal,
      () => (tries += 1),
      () => (failures += 1),
    );
    while (failures < 2) {
      jest.advanceTimersByTime(10);
      await turn();
    }
    // What the SDK comes with at once, it has come with.
    jest.advanceTimersByTime(1);
    ending.abort();
    await connection.close();
    expect(await failure).toMatchObject(AWAY);
    expect(tries).toBe(2);
  });
});
