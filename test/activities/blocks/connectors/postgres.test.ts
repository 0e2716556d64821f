import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  connectorServicesSchema,
  createBlockRegistry,
  type BlockRegistry,
  type BlockResult,
} from '../../../../src/activities/blocks';
import { type Json } from '../../../../src/contracts/json';
import { atEnd, eventually, testDatabase } from '../../../support';
import { callWith, failureOf, secretsOf } from '../support';

type Database = Awaited<ReturnType<typeof testDatabase>>;
let database: Database;
let registry: BlockRegistry;

/** The server of the tests trusts everybody: any password does. */
const PASSWORD = 'a-password-of-the-warehouse';

beforeAll(async () => {
  database = await testDatabase();
  await database.pool.query(`
    CREATE TABLE stock (sku text PRIMARY KEY, count integer NOT NULL CHECK (count >= 0));
    INSERT INTO stock VALUES ('a', 1), ('b', 2), ('c', 3);`);
  const url = new URL(database.url);
  url.password = PASSWORD;
  const gone = new URL(url);
  gone.port = '1';
  const connection = '{{secret:URL}}';
  const services = connectorServicesSchema.parse({
    warehouse: { kind: 'postgres', connection },
    till: { kind: 'postgres', connection, access: 'write' },
    small: { kind: 'postgres', connection, mostRows: 10, mostBytes: 1000, statementTimeoutSeconds: 0.2 },
    one: { kind: 'postgres', connection, connections: 1 },
    gone: { kind: 'postgres', connection: '{{secret:GONE}}' },
    wrong: { kind: 'postgres', connection: 'host={{secret:URL}}' },
  });
  registry = createBlockRegistry({ services, secrets: secretsOf({ URL: url.href, GONE: gone.href }) });
  atEnd(() => registry.close());
});
beforeEach(async () => {
  await database.pool.query(`DELETE FROM stock WHERE sku NOT IN ('a', 'b', 'c')`);
});

interface Options {
  readonly service?: string;
  readonly signal?: AbortSignal;
  readonly input?: Json;
  readonly timeoutSeconds?: number;
}

function query(sql: string, params: Json = [], options: Options = {}): Promise<BlockResult> {
  const { service = 'warehouse', signal, input = null, ...more } = options;
  const config = { service, operation: 'query', parameters: { sql, params }, ...more };
  return registry.run({ id: 'q', type: 'connector', config }, callWith({ start: input }, signal));
}

async function rows(sql: string, params: Json = [], options: Options = {}): Promise<Json> {
  const { value } = await query(sql, params, options);
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value['rows'] ?? null)
    : null;
}

async function running(mark: string): Promise<number> {
  const { rows: found } = await database.pool.query<{ count: string }>(
    `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle' AND query LIKE $1 AND pid <> pg_backend_pid()`,
    [`%${mark}%`],
  );
  return Number(found[0]?.count);
}

async function skus(): Promise<readonly string[]> {
  const all = await database.pool.query<{ sku: string }>('SELECT sku FROM stock ORDER BY sku');
  return all.rows.map(({ sku }) => sku);
}

describe('a query', () => {
  it('gives its rows and their number, with its parameters bound', async () => {
    const { value } = await query(
      'SELECT sku, count FROM stock WHERE count >= $1 AND sku = ANY($2) ORDER BY sku',
      ['{{ input.least }}', ['b', 'c', `'; DROP TABLE stock; --`]],
      { input: { least: 2 } },
    );
    expect(value).toEqual({
      rows: [
        { sku: 'b', count: 2 },
        { sku: 'c', count: 3 },
      ],
      rowCount: 2,
    });
    expect(await rows('SELECT $1::text AS same', [`'; DROP TABLE stock; --`])).toEqual([
      { same: `'; DROP TABLE stock; --` },
    ]);
    await expect(query('SELECT 1 WHERE false')).resolves.toEqual({ value: { rows: [], rowCount: 0 } });
  });

  it('gives JSON that has lost nothing: no floats but floats, dates in ISO', async () => {
    const wide = `SELECT 9007199254740993::bigint AS big, 0.1000000000000000055::numeric AS exact, 7::int AS int,
      1.5::float8 AS float, 'NaN'::float8 AS nan, true AS yes, NULL::int AS nothing, 'x'::text AS text,
      '2026-02-03'::date AS day, '2026-02-03 04:05:06.789012'::timestamp AS local,
      '2026-02-03 04:05:06.5+02'::timestamptz AS instant, '04:05:06'::time AS time, 'infinity'::timestamptz AS ever,
      interval '1 day 2 hours' AS span, '{"a": [1, null]}'::jsonb AS json, '\\x00ff'::bytea AS bytes,
      ARRAY[1.10, NULL]::numeric[] AS exacts, ARRAY['a"b', 'c,d', NULL] AS texts,
      ARRAY[[1, 2], [3, 4]] AS matrix, ARRAY['2026-02-03 04:05:06+00'::timestamptz] AS instants,
      '00000000-0000-0000-0000-000000000001'::uuid AS id, '(1,2)'::point AS point`;
    expect(await rows(wide)).toEqual([
      {
        big: '9007199254740993',
        exact: '0.1000000000000000055',
        int: 7,
        float: 1.5,
        nan: 'NaN',
        yes: true,
        nothing: null,
        text: 'x',
        day: '2026-02-03',
        local: '2026-02-03T04:05:06.789012',
        instant: '2026-02-03T02:05:06.5Z',
        time: '04:05:06',
        ever: 'infinity',
        span: 'P1DT2H',
        json: { a: [1, null] },
        bytes: { base64: 'AP8=' },
        exacts: ['1.10', null],
        texts: ['a"b', 'c,d', null],
        matrix: [
          [1, 2],
          [3, 4],
        ],
        instants: ['2026-02-03T04:05:06Z'],
        id: '00000000-0000-0000-0000-000000000001',
        point: '(1,2)',
      },
    ]);
    // Whatever a statement does to the session's settings, an offset is told.
    expect(
      await rows(
        `SELECT set_config('TimeZone', 'Asia/Kolkata', true) AS zone, '2026-02-03T00:00Z'::timestamptz AS at`,
      ),
    ).toEqual([{ zone: 'Asia/Kolkata', at: '2026-02-03T05:30:00+05:30' }]);
  });

  it('in a connection that may write, writes: all of it, or nothing', async () => {
    const insert =
      'INSERT INTO stock SELECT sku, n FROM unnest($1::text[], $2::int[]) AS t (sku, n) RETURNING sku';
    await expect(
      query(
        insert,
        [
          ['x', 'y'],
          [4, 5],
        ],
        { service: 'till' },
      ),
    ).resolves.toEqual({
      value: { rows: [{ sku: 'x' }, { sku: 'y' }], rowCount: 2 },
    });
    const failure = await failureOf(
      query(
        insert,
        [
          ['p', 'q'],
          [1, -1],
        ],
        { service: 'till' },
      ),
    );
    expect(failure).toMatchObject({ type: 'PostgresError', retryable: false });
    expect(failure.message).toContain(
      'service "till": new row for relation "stock" violates check constraint',
    );
    expect(await skus()).toEqual(['a', 'b', 'c', 'x', 'y']);
    await expect(query('UPDATE stock SET count = count + 1', [], { service: 'till' })).resolves.toEqual({
      value: { rows: [], rowCount: 5 },
    });
  });

  it.each([
    [
      'INSERT INTO stock VALUES ($1, 1)',
      ['z'],
      'PostgresReadOnly',
      'the platform gives it "access": "write"',
    ],
    [
      `WITH gone AS (DELETE FROM stock RETURNING sku) SELECT * FROM gone`,
      [],
      'PostgresReadOnly',
      'cannot execute',
    ],
    [
      `DO $do$ BEGIN SET TRANSACTION READ WRITE; INSERT INTO stock VALUES ('z', 1); END $do$`,
      [],
      'PostgresError',
      'must be set before any query',
    ],
    [
      `SELECT set_config('transaction_read_only', 'off', false)`,
      [],
      'PostgresError',
      'must be set before any query',
    ],
    [`COMMIT; INSERT INTO stock VALUES ('z', 1)`, [], 'PostgresError', 'cannot insert multiple commands'],
  ])('in one that may not, does not: %s', async (sql, params, type, message) => {
    const failure = await failureOf(query(sql, params));
    expect(failure).toMatchObject({ type, retryable: false });
    expect(failure.message).toContain(message);
    expect(await skus()).toEqual(['a', 'b', 'c']);
  });

  it('leaves its session to nobody', async () => {
    const one = { service: 'one' };
    await query(`SELECT set_config('search_path', 'nowhere', false)`, [], one);
    await query('COMMIT', [], one);
    expect(await rows('SELECT count(*) AS all FROM stock', [], one)).toEqual([{ all: '3' }]);
  });

  it('waits for its turn where the connections are few', async () => {
    const all = Array.from({ length: 8 }, (_, n) => rows(`SELECT $1::int AS n`, [n], { service: 'one' }));
    expect(await Promise.all(all)).toEqual(Array.from({ length: 8 }, (_, n) => [{ n }]));
  });
});

describe('what is refused by name', () => {
  it.each([
    ['SELECT * FROM nowhere', [], {}, 'PostgresError', 'relation "nowhere" does not exist (SQLSTATE 42P01)'],
    ['SELECT $1::int', ['ten'], {}, 'PostgresError', 'invalid input syntax for type integer: "ten"'],
    ['SELECT 1 AS a, 2 AS a', [], {}, 'PostgresColumnTwice', 'two columns named "a"'],
    ['SELECT generate_series(1, 11)', [], { service: 'small' }, 'ResultTooLarge', 'at most 10 rows'],
    [`SELECT repeat('x', 2000) AS x`, [], { service: 'small' }, 'ResultTooLarge', 'more bytes'],
    [`SELECT repeat('x', 200000000) AS x`, [], {}, 'ResultTooLarge', 'more bytes'],
    ['SELECT pg_sleep(60)', [], { service: 'small' }, 'PostgresTimeout', 'statement timeout'],
    ['SELECT 1', [], { service: 'wrong' }, 'PostgresSettingsInvalid', 'is no address of a Postgres'],
  ])('%s', async (sql, params, options, type, message) => {
    const failure = await failureOf(query(sql, params, options));
    expect(failure).toMatchObject({ type, retryable: false });
    expect(failure.message).toContain(message);
  });

  it('is a transaction that met another, and one whose server is gone: these are tried again', async () => {
    const serialization = `DO $do$ BEGIN RAISE EXCEPTION 'met another' USING ERRCODE = '40001'; END $do$`;
    expect(await failureOf(query(serialization, [], { service: 'till' }))).toMatchObject({
      type: 'PostgresSerialization',
      retryable: true,
    });
    expect(await failureOf(query('SELECT 1', [], { service: 'gone' }))).toMatchObject({
      type: 'PostgresUnreachable',
      retryable: true,
    });
  });

  it('is one whose session was ended before it committed: it left nothing, and is tried again', async () => {
    const slow = query(`INSERT INTO stock SELECT 'z', 1 FROM pg_sleep(60)`, [], { service: 'till' });
    const failure = failureOf(slow);
    await eventually(async () => (await running('pg_sleep(60)')) === 1);
    await database.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'flow-credits connector' AND datname = current_database()`,
    );
    expect(await failure).toMatchObject({ type: 'PostgresConnectionLost', retryable: true });
    expect(await skus()).toEqual(['a', 'b', 'c']);
  });

  it('says nothing of the connection', async () => {
    const { message } = await failureOf(query('SELECT 1', [], { service: 'gone' }));
    expect(message).not.toContain(PASSWORD);
    expect(await rows('SELECT $1::text AS echo', [`it is ${PASSWORD}`])).toEqual([
      { echo: 'it is [secret credentials]' },
    ]);
    const url = new URL(database.url);
    url.password = PASSWORD;
    expect(await rows('SELECT $1::text AS echo', [url.href])).toEqual([{ echo: '[secret URL]' }]);
  });
});

describe('a statement that nobody waits for any more', () => {
  it.each([
    ['cancelled with its block', {}, 'warehouse'],
    ['one that writes', {}, 'till'],
    ['out of time', { timeoutSeconds: 0.5 }, 'warehouse'],
  ])('is ended on the server: %s', async (mark, more, service) => {
    const cancel = new AbortController();
    const failure = query(`SELECT pg_sleep(120) /* ${mark} */`, [], {
      service,
      signal: cancel.signal,
      ...more,
    }).then(
      () => 'none',
      (error: unknown) => String(error),
    );
    if (!('timeoutSeconds' in more)) {
      await eventually(async () => (await running(mark)) === 1);
      cancel.abort(new Error('cancelled'));
    }
    expect(await failure).toMatch(/cancelled|longer than 0.5 s/);
    // Not later: when the block has ended, the statement has.
    expect(await running(mark)).toBe(0);
  });
});
