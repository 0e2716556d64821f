import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { logLine, masked } from '../../src/ops/log-line';

const lineSchema = z.record(z.string(), z.unknown());

function line(message: string, meta?: unknown): Record<string, unknown> {
  const text = logLine({ level: 'WARN', message, timestampNanos: 1_790_000_000_123_456_789n, meta });
  expect(text).not.toContain('\n');
  return lineSchema.parse(JSON.parse(text));
}

describe('a line of the log', () => {
  it('says when, how grave, what, and what it is about', () => {
    expect(line('hello', { team: 'acme', amount: 12_000n, at: new Date(0), list: [1, null] })).toEqual({
      time: '2026-09-21T14:13:20.123Z',
      level: 'warn',
      message: 'hello',
      team: 'acme',
      amount: '12000',
      at: '1970-01-01T00:00:00.000Z',
      list: [1, null],
    });
    expect(line('its own words stand', { level: 'info', message: 'other', time: 1 })).toMatchObject({
      level: 'warn',
      message: 'its own words stand',
    });
  });

  it('has errors with their causes, and what goes round in circles as far as it makes sense', () => {
    const circle: Record<string, unknown> = { name: 'circle' };
    circle['self'] = circle;
    const error = Object.assign(new TypeError('outer', { cause: new Error('inner') }), { code: 'E1' });
    const { error: told, circle: round } = line('failed', { error, circle });
    expect(told).toMatchObject({
      name: 'TypeError',
      message: 'outer',
      code: 'E1',
      cause: { message: 'inner' },
    });
    expect(JSON.stringify(round)).toContain('…');
  });

  it('holds no secret, by its name or by its looks', () => {
    const secret = 'hunter2-very-secret';
    const about = {
      headers: { Authorization: `Bearer ${secret}`, cookie: secret, 'x-api-key': secret },
      config: { password: secret, clientSecret: secret, nested: [{ accessToken: secret }] },
      error: new Error(`no answer from postgres://worker:${secret}@db.example/credits`),
      text: `sent authorization: bearer ${secret}`,
    };
    const text = JSON.stringify(line(`cannot reach https://me:${secret}@example.com`, about));
    expect(text).not.toContain(secret);
    expect(text).toContain('postgres://worker:[redacted]@db.example/credits');
    expect(masked(`whsec_${secret} and eyJhbGciOi.eyJzdWIi.c2ln`)).toBe('[redacted] and [redacted]');
    expect(masked('postgres://db.example:5432/credits')).toBe('postgres://db.example:5432/credits');
  });
});
