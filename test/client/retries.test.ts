import { describe, expect, it } from '@jest/globals';
import { Connection } from '@temporalio/client';
import { retriesUntil } from '../../src/client/retries';
import { atEnd, eventually } from '../support';

const AWAY = { code: 14 };
/** As an interceptor that tries once: what stands between the retries and the wire. */
const once = retriesUntil(AbortSignal.abort());

/** A call of a Temporal that is not there; `onTry` before each try. */
function call(
  ending: AbortSignal,
  onTry: () => void,
): { readonly connection: Connection; readonly failure: Promise<unknown> } {
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

  it('fails a call that waits to try again as its last try failed, and the connection may be closed meanwhile', async () => {
    const ending = new AbortController();
    let tries = 0;
    const { connection, failure } = call(ending.signal, () => {
      tries += 1;
    });
    await eventually(() => tries >= 2);
    const tried = tries;
    ending.abort();
    await connection.close();
    expect(await failure).toMatchObject(AWAY);
    expect(tries).toBe(tried);
  });
});
