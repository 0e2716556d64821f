import { describe, expect, it } from '@jest/globals';
import { readiness } from '../../src/ops/checks';

describe('readiness', () => {
  it('names what is there and what is not, and says why without an address', async () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED 10.1.2.3:5432 as olga'), {
      code: 'ECONNREFUSED',
    });
    const ready = readiness({
      there: () => Promise.resolve(),
      refused: () => Promise.reject(refused),
      both: () => Promise.reject(new AggregateError([refused])),
      grpc: () => Promise.reject(Object.assign(new Error('14 UNAVAILABLE: 10.1.2.3'), { code: 14 })),
      odd: () => Promise.reject(new TypeError('of 10.1.2.3')),
    });
    const answer = await ready();
    expect(answer.status).toBe('not ready');
    expect(answer.checks).toMatchObject({
      there: { status: 'up' },
      refused: { status: 'down', reason: 'ECONNREFUSED' },
      both: { status: 'down', reason: 'ECONNREFUSED' },
      grpc: { status: 'down', reason: 'Error 14' },
      odd: { status: 'down', reason: 'TypeError' },
    });
    for (const { milliseconds } of Object.values(answer.checks))
      expect(milliseconds).toBeGreaterThanOrEqual(0);
    expect(JSON.stringify(answer)).not.toMatch(/10\.1\.2\.3|olga/);
  });

  it('waits for nobody, and tells him to stop', async () => {
    let told = false;
    const ready = readiness(
      {
        slow: (signal) =>
          new Promise(() => {
            signal.addEventListener('abort', () => (told = true));
          }),
      },
      { withinMs: 20 },
    );
    expect(await ready()).toMatchObject({
      status: 'not ready',
      checks: { slow: { status: 'down', reason: 'no answer within 20 ms' } },
    });
    expect(told).toBe(true);
  });

  it('asks once for all who ask at a time, and anew later', async () => {
    let asked = 0;
    const check = { one: () => Promise.resolve((asked += 1)) };
    const kept = readiness(check, { keptMs: 60_000 });
    await Promise.all([kept(), kept(), kept()]);
    await kept();
    expect(asked).toBe(1);
    const fresh = readiness(check, { keptMs: -1 });
    expect((await fresh()).status).toBe('ready');
    await fresh();
    expect(asked).toBe(3);
  });
});
