import { afterAll, describe, expect, it } from '@jest/globals';
import { createBlockRegistry } from '../../../src/activities/blocks';
import { Sandbox } from '../../../src/activities/blocks/sandbox';
import { type Json } from '../../../src/contracts/json';
import { callWith, failureOf, RUN } from './support';

const registry = createBlockRegistry();

afterAll(() => registry.close());

function evaluate(expression: string, inputs: Record<string, Json> = {}): Promise<unknown> {
  return registry.run({ id: 'e', type: 'evaluate', config: { expression } }, callWith(inputs));
}

describe('evaluate', () => {
  it.each<[string, Record<string, Json>, Json]>([
    ['input.a + 1', { s: { a: 1 } }, 2],
    ['input', {}, null],
    ['input.missing', { s: {} }, null],
    ['input.x & input.y', { x: 'a', y: 'b' }, 'ab'],
    ['inputs.s.a', { s: { a: [1] } }, [1]],
    ['inputs.s[0]', { s: ['first', 'second'] }, 'first'],
    ['[1..3].{"n": $}', {}, [{ n: 1 }, { n: 2 }, { n: 3 }]],
    [
      'input[price > 1].name',
      {
        s: [
          { name: 'a', price: 1 },
          { name: 'b', price: 2 },
          { name: 'c', price: 3 },
        ],
      },
      ['b', 'c'],
    ],
    ['run.team & " " & run.trigger', {}, 'acme manual'],
    ['[]', {}, []],
    ['"{{ not a template }}"', {}, '{{ not a template }}'],
  ])('%s of %j', async (expression, inputs, value) => {
    expect(await evaluate(expression, inputs)).toEqual({ value });
  });

  it('gives the run to expressions as it is', async () => {
    expect(await evaluate('run')).toEqual({ value: RUN });
  });

  it.each([
    ['an error of its own', '$error("no stock")', '"$error("no stock")": no stock'],
    ['a type that does not fit', '$uppercase(1)', 'Argument 1 of function "uppercase"'],
    ['a function as its value', 'function($x){$x}', 'a function is no value'],
    ['a function within its value', '{"f": $sum}', 'a function is no value'],
    ['a recursion without end', '($f := function($x){$f($x) + 1}; $f(1))', 'Stack overflow'],
    ['more values than it may make', '[1..1000000]', 'maximum sequence length'],
    [
      'a text beyond all memory',
      '$reduce([1..40], function($a, $b){$a & $a}, "xxxxxxxx")',
      'too long a text',
    ],
    ['a result that is too large', '$pad("", 600000, "x")', 'its result is larger than'],
  ])('fails for good on %s', async (_, expression, message) => {
    const failure = await failureOf(evaluate(expression));
    expect(failure).toMatchObject({ type: 'ExpressionFailed', retryable: false });
    expect(failure.message).toContain(message);
  });

  it('cannot reach the process', async () => {
    for (const expression of [
      'process',
      'input.constructor',
      '$eval("require")',
      'input.__proto__',
      '$constructor',
    ]) {
      expect(await evaluate(expression, { s: {} })).toEqual({ value: null });
    }
  });
});

describe('a runaway', () => {
  const sandbox = new Sandbox({ timeoutMs: 300, heapMb: 64 });
  const scope = { input: 'a'.repeat(40) + '!', inputs: {}, run: RUN };
  const { signal } = new AbortController();

  afterAll(() => sandbox.close());

  it.each([
    ['in steps', '($f := function($x){$f($x)}; $f(1))'],
    ['in one regular expression', '$match(input, /^(a+)+$/)'],
  ])('is ended %s, and the thread after it works', async (_, expression) => {
    const failure = await failureOf(sandbox.evaluate([expression], scope, signal));
    expect(failure).toMatchObject({ type: 'ExpressionTooLong', retryable: true });
    expect(await sandbox.evaluate(['1 + 1'], scope, signal)).toEqual([2]);
  });

  it('leaves the event loop and other evaluations alone', async () => {
    const patient = new Sandbox({ timeoutMs: 600_000 });
    try {
      const cancelled = new AbortController();
      const endless = patient.evaluate(['$match(input, /^(a+)+$/)'], scope, cancelled.signal);
      expect(await patient.evaluate(['2 + 2'], scope, signal)).toEqual([4]);
      cancelled.abort(new Error('cancelled'));
      await expect(endless).rejects.toThrow('cancelled');
    } finally {
      await patient.close();
    }
  });

  it('is forgotten at once when it is cancelled', async () => {
    const cancelled = new AbortController();
    const running = sandbox.evaluate(['$match(input, /^(a+)+$/)'], scope, cancelled.signal);
    const queued = [1, 2, 3].map(() => sandbox.evaluate(['1'], scope, cancelled.signal));
    cancelled.abort(new Error('cancelled'));
    for (const promise of [running, ...queued]) await expect(promise).rejects.toThrow('cancelled');
    await expect(sandbox.evaluate(['1'], scope, cancelled.signal)).rejects.toThrow('cancelled');
  });

  it('fails by name when it takes too much memory', async () => {
    const greedy = new Sandbox({ timeoutMs: 60_000, heapMb: 16 });
    try {
      const hoard = '$map([1..90000], function($v){ $map([1..50], function($w){ $string($v * $w) }) })';
      const failure = await failureOf(greedy.evaluate([hoard], scope, signal));
      expect(failure).toMatchObject({ type: 'ExpressionFailed', retryable: false });
      expect(failure.message).toContain('16 MB of memory');
      expect(await greedy.evaluate(['1'], scope, signal)).toEqual([1]);
    } finally {
      await greedy.close();
    }
  });

  it('refuses work once closed', async () => {
    const closed = new Sandbox();
    await closed.close();
    await expect(closed.evaluate(['1'], scope, signal)).rejects.toThrow('closed');
  });

  it('answers many at once, each its own', async () => {
    const all = Array.from({ length: 200 }, (_, n) => n);
    const answers = await Promise.all(
      all.map((n) => sandbox.evaluate(['input * 2'], { ...scope, input: n }, new AbortController().signal)),
    );
    expect(answers).toEqual(all.map((n) => [n * 2]));
  });
});

describe('if', () => {
  const run = (condition: string, input: Json): Promise<unknown> =>
    registry.run({ id: 'i', type: 'if', config: { condition } }, callWith({ s: input }));

  it.each<[string, Json, string]>([
    ['input > 1', 2, 'true'],
    ['input > 1', 1, 'false'],
    ['input.missing', {}, 'false'],
    ['input', '', 'false'],
    ['input', 'x', 'true'],
    ['input', [0, 0], 'false'],
    ['input', [0, 1], 'true'],
    ['input = null', null, 'true'],
  ])('%s of %j hands its input on, on %s', async (condition, input, port) => {
    expect(await run(condition, input)).toEqual({ port });
  });
});

describe('condition', () => {
  const cases = [
    { name: 'small', when: 'input < 10' },
    { name: 'even', when: 'input % 2 = 0' },
    { name: 'broken', when: '$error("reached")' },
  ];
  const run = (input: Json, all: Json = cases): Promise<unknown> =>
    registry.run({ id: 'c', type: 'condition', config: { cases: all } }, callWith({ s: input }));

  it('takes the first case that is true, and looks no further', async () => {
    expect(await run(4)).toEqual({ port: 'small' });
    expect(await run(12)).toEqual({ port: 'even' });
    expect((await failureOf(run(13))).message).toContain('reached');
    expect(await run(13, cases.slice(0, 2))).toEqual({ port: 'else' });
  });
});

describe('validate', () => {
  const run = (config: Record<string, Json>, input: Json): Promise<unknown> =>
    registry.run({ id: 'v', type: 'validate', config }, callWith({ s: input }));
  const schema = {
    type: 'object',
    required: ['email'],
    properties: { email: { type: 'string', format: 'email' }, age: { type: 'integer' } },
  };

  it('hands on what is valid', async () => {
    expect(await run({ schema }, { email: 'ada@example.com' })).toEqual({ port: 'valid' });
  });

  it('says all that is wrong, and where', async () => {
    const value = { email: 'no', age: 1.5 };
    expect(await run({ schema }, value)).toEqual({
      port: 'invalid',
      value: {
        value,
        errors: [
          { path: '/email', message: 'must match format "email"' },
          { path: '/age', message: 'must be integer' },
        ],
      },
    });
  });

  it('checks and delivers the value of an expression where there is one', async () => {
    const config = { schema: { type: 'array', minItems: 2 }, value: 'input.list' };
    expect(await run(config, { list: [1, 2] })).toEqual({ port: 'valid', value: [1, 2] });
    expect(await run(config, { list: [1] })).toMatchObject({ port: 'invalid', value: { value: [1] } });
  });

  it('knows true, false and the later drafts', async () => {
    expect(await run({ schema: true }, 1)).toEqual({ port: 'valid' });
    expect(await run({ schema: false }, 1)).toMatchObject({ port: 'invalid' });
    const tuple = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      prefixItems: [{ type: 'string' }],
    };
    expect(await run({ schema: tuple }, [1])).toMatchObject({ port: 'invalid' });
    expect(await run({ schema: tuple }, ['a'])).toEqual({ port: 'valid' });
  });

  it('is ended when a pattern never is', async () => {
    const failure = await failureOf(run({ schema: { pattern: '^(a+)+$' } }, `${'a'.repeat(40)}!`));
    expect(failure.type).toBe('ExpressionTooLong');
  });
});

describe('the registry', () => {
  it('refuses types nobody registered, by name', async () => {
    const failure = await failureOf(registry.run({ id: 'x', type: 'evaluat', config: {} }, callWith()));
    expect(failure.type).toBe('TypeUnknown');
    expect(failure.message).toBe(
      'block "x" has type "evaluat", which this worker cannot execute; did you mean "evaluate"?',
    );
  });

  it.each(['or', 'delay'])('hands on the input of %s', async (type) => {
    expect(await registry.run({ id: 'x', type, config: {} }, callWith({ s: 1 }))).toEqual({});
  });

  it('executes nothing once the signal is aborted', async () => {
    const call = callWith({}, AbortSignal.abort(new Error('cancelled')));
    const attempt = registry.run({ id: 'e', type: 'evaluate', config: { expression: '1' } }, call);
    await expect(attempt).rejects.toThrow('cancelled');
  });

  it("executes a platform's own types, and holds them to the size of a value", async () => {
    const own = createBlockRegistry({
      blocks: [
        {
          type: 'shout',
          kind: 'external',
          execute: ({ times }, { input, run }) =>
            Promise.resolve({
              value: `${typeof input === 'string' ? input : ''}!`.repeat(Number(times)) + run.team,
              usage: { units: 3 },
            }),
        },
      ],
    });
    try {
      const shout = (times: number): Promise<unknown> =>
        own.run({ id: 'x', type: 'shout', config: { times } }, callWith({ s: 'hey' }));
      expect(await shout(2)).toEqual({ value: 'hey!hey!acme', usage: { units: 3 } });
      const failure = await failureOf(shout(200_000));
      // What it used, it used.
      expect(failure).toMatchObject({ type: 'ResultTooLarge', usage: { units: 3 }, retryable: false });
    } finally {
      await own.close();
    }
  });

  it('lets no own type take the place of another', () => {
    const execute = (): Promise<object> => Promise.resolve({});
    for (const type of ['http-request', 'start']) {
      expect(() => createBlockRegistry({ blocks: [{ type, kind: 'external', execute }] })).toThrow(
        `block type "${type}" is taken`,
      );
    }
  });
});
