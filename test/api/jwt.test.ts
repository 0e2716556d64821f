import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { type FastifyRequest } from 'fastify';
import { describe, expect, it } from '@jest/globals';
import { bearerJwt } from '../../src/api/jwt';
import { AUDIENCE, ISSUER, issuer } from './tokens';

const asked = (authorization?: string): FastifyRequest => ({ headers: { authorization } }) as FastifyRequest;

describe('bearer tokens', () => {
  it('are taken by claims and roles of other names', async () => {
    const signer = await issuer();
    const authenticate = await bearerJwt({
      keys: signer.keys,
      issuer: ISSUER,
      audience: AUDIENCE,
      claims: { team: 'https://acme.test/team', role: 'https://acme.test/role', actor: 'email' },
      roles: { accountant: 'billing-admin' },
    });
    const names = {
      'https://acme.test/team': 'acme',
      'https://acme.test/role': 'accountant',
      email: 'olga@acme.test',
    };
    const token = await signer.sign({ sub: '42', role: 'operator', ...names });
    await expect(authenticate(asked(`Bearer ${token}`))).resolves.toMatchObject({
      actor: 'olga@acme.test',
      team: 'acme',
      role: 'billing-admin',
    });
    const ours = await signer.sign({
      sub: '42',
      role: 'operator',
      ...names,
      'https://acme.test/role': 'operator',
    });
    await expect(authenticate(asked(`Bearer ${ours}`))).rejects.toMatchObject({ slug: 'unauthorized' });
  });

  it('count by keys that are fetched, also by those that came later; keys that cannot be had are 503', async () => {
    const [first, second] = [await issuer(), await issuer()];
    let keys = first.keys;
    let status = 200;
    const server = createServer((_request, response) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(keys));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const jwksUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`;
    const options = { jwksUrl, issuer: ISSUER, audience: AUDIENCE };
    const claims = { sub: 'olga', role: 'viewer', team: 'acme' };
    try {
      const authenticate = await bearerJwt(options);
      const of = async (signer: typeof first): Promise<string> => `Bearer ${await signer.sign(claims)}`;
      await expect(authenticate(asked(await of(first)))).resolves.toMatchObject({ team: 'acme' });
      await expect(authenticate(asked(await of(second)))).rejects.toMatchObject({ slug: 'unauthorized' });
      keys = second.keys;
      const fresh = await bearerJwt(options);
      await expect(fresh(asked(await of(second)))).resolves.toMatchObject({ actor: 'olga' });
      status = 500;
      const failing = await bearerJwt(options);
      await expect(failing(asked(await of(second)))).rejects.toMatchObject({ slug: 'unavailable' });
    } finally {
      server.close();
    }
    const gone = await bearerJwt(options);
    await expect(gone(asked(`Bearer ${await first.sign(claims)}`))).rejects.toMatchObject({
      slug: 'unavailable',
    });
  });

  it.each(['', 'Basic b2xnYTpvbGdh', 'Bearer', 'Bearer a b', 'Bearer ä'])('are none: %j', async (header) => {
    const { keys } = await issuer();
    const authenticate = await bearerJwt({ keys, issuer: ISSUER, audience: AUDIENCE });
    await expect(authenticate(asked(header))).rejects.toMatchObject({ slug: 'unauthorized' });
  });

  it('count of nobody whom the audit could not name', async () => {
    const signer = await issuer();
    const authenticate = await bearerJwt({ keys: signer.keys, issuer: ISSUER, audience: AUDIENCE });
    for (const sub of ['a\0b', 'x'.repeat(201)]) {
      const token = await signer.sign({ sub, role: 'operator' });
      await expect(authenticate(asked(`Bearer ${token}`))).rejects.toMatchObject({ slug: 'unauthorized' });
    }
  });

  it('of settings that would take anybody’s are not made', async () => {
    const { keys } = await issuer();
    const common = { keys, issuer: ISSUER, audience: AUDIENCE };
    await expect(bearerJwt({ ...common, algorithms: ['HS256'] })).rejects.toThrow(/asymmetric/);
    await expect(bearerJwt({ ...common, algorithms: ['none'] })).rejects.toThrow(/asymmetric/);
    await expect(bearerJwt({ ...common, algorithms: [] })).rejects.toThrow(/asymmetric/);
    await expect(bearerJwt({ ...common, issuer: '' })).rejects.toThrow(/issuer/);
    await expect(bearerJwt({ issuer: ISSUER, audience: AUDIENCE })).rejects.toThrow(/either/);
    await expect(bearerJwt({ ...common, jwksUrl: 'https://id.test/keys' })).rejects.toThrow(/either/);
    const { keys: _, ...remote } = common;
    for (const jwksUrl of ['id.test/keys', 'ftp://id.test/keys', 'https://me:s3cret@id.test/keys']) {
      const refused = bearerJwt({ ...remote, jwksUrl });
      await expect(refused).rejects.toThrow(/must begin with https:.* and have no user or password/);
      await expect(refused).rejects.not.toThrow(/s3cret/);
    }
  });
});
