import { Client, Connection } from '@temporalio/client';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { atPostgres, atTemporal } from '../../src/cli/commands/away';
import { printError } from '../../src/cli/output';
import { databaseAddress } from '../../src/ledger/read';
import { atEnd, testDatabase, testNamespace } from '../support';
import { here } from './here';

const NOWHERE = '127.0.0.1:1';
let url: URL;
beforeAll(async () => {
  url = new URL((await testDatabase()).url);
});

/** The address of the tests' Postgres, with another part. */
function but(change: Partial<Pick<URL, 'pathname' | 'username' | 'password' | 'port'>>): string {
  return Object.assign(new URL(url), change).href;
}

/** A command that reads the ledger, for people and as JSON: the same line. */
async function told(databaseUrl: string): Promise<string> {
  const env = { DATABASE_URL: databaseUrl };
  const [forPeople, asJson] = [
    await here(['usage', 'acme'], env),
    await here(['usage', 'acme', '--json'], env),
  ];
  expect(forPeople).toMatchObject({ status: 1, out: '' });
  expect(asJson).toEqual(forPeople);
  expect(forPeople.err).toMatch(/^error: [^\n]+\n$/);
  expect(forPeople.err).not.toContain('s3cret');
  return forPeople.err;
}

describe('a Postgres that a command cannot work with is named, with the cause and the way out', () => {
  it('one that is away', async () => {
    const err = await told(`postgres://me:s3cret@${NOWHERE}/books`);
    expect(err).toContain(`Postgres at ${NOWHERE}/books does not answer (connect ECONNREFUSED ${NOWHERE}): `);
    expect(err).toMatch(/set DATABASE_URL .*, or start one with "npm run dev"\n$/);
  });

  it('one of whose host nobody knows', async () => {
    expect(await told('postgres://me:s3cret@nobody.invalid/books')).toContain(
      'Postgres at nobody.invalid:5432/books does not answer (getaddrinfo',
    );
  });

  it('one without TLS, and one whose certificate nobody here trusts', async () => {
    const noTls = await told(`${but({ password: 's3cret' })}?sslmode=verify-full`);
    expect(noTls).toContain(' has no TLS (The server does not support SSL connections): turn it on there');
    // As Node says it of a server with a certificate of an authority of its own.
    const code = 'SELF_SIGNED_CERT_IN_CHAIN';
    const distrusted = Object.assign(new Error('self-signed certificate in certificate chain'), { code });
    await expect(atPostgres(url.href, () => Promise.reject(distrusted))).rejects.toThrow(
      /has a certificate that is not trusted \(self-signed .*\): name the file .*sslrootcert=FILE/,
    );
  });

  it('one without the database, and a database without a ledger', async () => {
    const password = 's3cret';
    expect(await told(but({ pathname: '/nowhere', password }))).toContain(
      `${url.host}/nowhere has no such database (database "nowhere" does not exist): create it`,
    );
    expect(await told(but({ pathname: '/postgres', password }))).toMatch(
      /postgres has no ledger in it \(relation "flow_credits\.[^\n]* prepare it with "flow-credits setup"/,
    );
  });

  it('a user that is not known', async () => {
    expect(await told(but({ username: 'nobody', password: 's3cret' }))).toMatch(
      /does not let this user in \([^)]*"nobody"[^)]*\): set DATABASE_URL with a user/,
    );
  });

  it.each(['books', 'postgres://me:s3cret@host:99999/books', 'mysql://me:s3cret@host/books'])(
    'what is no address of one: %s',
    async (text) => {
      expect(await told(text)).toBe(
        'error: DATABASE_URL is no address of a Postgres: write postgres://USER:PASSWORD@HOST:5432/DATABASE\n',
      );
    },
  );

  it('by host, port and name, or by its socket', () => {
    expect(databaseAddress('postgresql://me:s3cret@db.example/books?application_name=x')).toBe(
      'db.example:5432/books',
    );
    expect(databaseAddress('postgres://me:s3cret@/books?host=/run/postgresql')).toBe(
      '/run/postgresql (database books)',
    );
  });

  it('is named by setup, too', async () => {
    const env = {
      DATABASE_URL: `postgres://me:s3cret@${NOWHERE}/books`,
      TEMPORAL_ADDRESS: process.env['TEMPORAL_ADDRESS'] ?? '',
    };
    const { status, err } = await here(['setup'], env);
    expect(status).toBe(1);
    expect(err).toMatch(/^error: Postgres at 127\.0\.0\.1:1\/books does not answer [^\n]+\n$/);
  });
});

describe('a Temporal that is away', () => {
  it('is named before a command is asked for', async () => {
    const env = { DATABASE_URL: url.href, TEMPORAL_ADDRESS: NOWHERE };
    for (const json of [[], ['--json']]) {
      const command = ['payg', 'off', 'acme', ...json];
      const { status, out, err } = await here(command, env);
      expect({ status, out }).toEqual({ status: 1, out: '' });
      expect(err).toMatch(/^error: no Temporal answers at 127\.0\.0\.1:1 \([^\n]+TEMPORAL_ADDRESS[^\n]*\n$/);
    }
  });

  it('is named where it goes away in between', async () => {
    const connection = Connection.lazy({ address: NOWHERE, interceptors: [] });
    atEnd(() => connection.close());
    const client = new Client({ connection, namespace: testNamespace() });
    await expect(
      atTemporal(NOWHERE, () => client.workflow.getHandle('nobody').describe()),
    ).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringMatching(/^Temporal at 127\.0\.0\.1:1 does not answer any more \(.+\): /),
    });
    await expect(atTemporal(NOWHERE, () => Promise.reject(new Error('other')))).rejects.toThrow('other');
  });
});

describe('an error for people', () => {
  it('that holds one for each address of a host says them all', () => {
    const lines: string[] = [];
    const write = process.stderr.write.bind(process.stderr);
    process.stderr.write = (chunk: string | Uint8Array) => lines.push(String(chunk)) > 0;
    try {
      printError(new AggregateError([new Error('refused at ::1'), new Error('refused at 127.0.0.1')]));
    } finally {
      process.stderr.write = write;
    }
    expect(lines.join('')).toContain('refused at ::1; refused at 127.0.0.1\n');
  });
});
