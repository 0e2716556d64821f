import { createHmac, randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ACCESS, ROLES, type Role } from '../../src/api';
import { openApiDesk, type ApiDesk } from './desk';
import { AUDIENCE, ISSUER, issuer } from './tokens';

/** A route of the document, as it is asked for. */
interface Route {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly operation: string;
  readonly statuses: readonly string[];
}

const operationSchema = z.object({
  operationId: z.string(),
  'x-role': z.enum(ROLES),
  responses: z.record(z.string(), z.unknown()),
});
const documentSchema = z.object({
  paths: z.record(
    z.string(),
    z.partialRecord(z.enum(['get', 'post', 'put', 'delete', 'patch']), operationSchema),
  ),
});

/** Who may do what, as it is meant: a change of the table is a change here. */
const MEANT: Readonly<Record<Role, readonly string[]>> = {
  viewer: [
    ...[
      'estimateFlow',
      'getForecast',
      'getLine',
      'getMe',
      'getRun',
      'getTeam',
      'getUsage',
      'listAdjustments',
    ],
    ...['listEvents', 'listPacks', 'listPlans', 'listRateCards', 'listRuns', 'listStatements'],
    ...['previewPayAsYouGo', 'watchTeam'],
  ],
  developer: ['cancelRun', 'discardLine', 'discardRun', 'startRun'],
  'billing-admin': ['listAudit', 'setPayAsYouGo'],
  operator: [
    ...['adjustCredits', 'buyPack', 'changePlan', 'listTeams', 'putTeam', 'reverseRun', 'setTeamStatus'],
    ...['voidPack'],
  ],
};

let desk: ApiDesk;
let mine: string;
let foreign: string;
let routes: readonly Route[];

beforeAll(async () => {
  desk = await openApiDesk();
  [mine, foreign] = [await desk.team('solo'), await desk.team('solo')];
  const { paths } = documentSchema.parse((await desk.app.inject('/openapi.json')).json());
  routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId, responses }]) => ({
      method: z.enum(['GET', 'POST', 'PUT']).parse(method.toUpperCase()),
      path,
      operation: operationId,
      statuses: Object.keys(responses),
    })),
  );
});

function urlOf({ path }: Route, team: string): string {
  return path.replace('{team}', team).replace('{run}', 'nobody').replace('{pack}', '1');
}

/** With a body that is refused: who may not never gets so far, and nothing is changed. */
async function ask(
  route: Route,
  team: string,
  bearer: string | null,
): Promise<{ status: number; body: string }> {
  const { statusCode, body, headers } = await desk.app.inject({
    method: route.method,
    url: urlOf(route, team),
    headers: {
      ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
      ...(route.method === 'GET' ? {} : { 'content-type': 'application/json' }),
    },
    ...(route.method === 'GET' ? {} : { payload: '{"nobody knows": 1}' }),
  });
  if (statusCode >= 400) expect(headers['content-type']).toBe('application/problem+json');
  expect(route.statuses).toContain(String(statusCode));
  return { status: statusCode, body };
}

function leastOf(operation: string): Role {
  const role = ROLES.find((one) => MEANT[one].includes(operation));
  if (role === undefined) throw new Error(`${operation}: nobody said who may`);
  return role;
}

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('every route of the document', () => {
  it('is meant for a role, and for the one that the table says', () => {
    const inDocument = routes.map(({ operation }) => operation).sort();
    expect(inDocument).toEqual(Object.values(MEANT).flat().sort());
    expect(Object.fromEntries(inDocument.map((operation) => [operation, leastOf(operation)]))).toEqual(
      Object.fromEntries(Object.entries(ACCESS).filter(([operation]) => operation !== 'startLocalRun')),
    );
  });

  it('answers 401 to who cannot be made out', async () => {
    const other = await issuer();
    const claims = { sub: 'eve', role: 'operator' };
    const [key] = desk.issuer.keys.keys;
    const now = Math.floor(Date.now() / 1000);
    const payload = { ...claims, iss: ISSUER, aud: AUDIENCE, iat: now, exp: now + 600 };
    const signed = `${encoded({ alg: 'HS256', kid: 'test' })}.${encoded(payload)}`;
    const tokens: Record<string, string | null> = {
      none: null,
      garbage: 'abc.def.ghi',
      expired: await desk.issuer.sign({ ...claims, expiresIn: -60 }),
      'wrongly signed': await other.sign(claims),
      'another audience': await desk.issuer.sign({ ...claims, aud: 'somebody else' }),
      'another issuer': await desk.issuer.sign({ ...claims, iss: 'https://evil.test' }),
      'a role nobody knows': await desk.issuer.sign({ ...claims, role: 'root' }),
      'a role of a prototype': await desk.issuer.sign({ ...claims, role: 'constructor' }),
      'no team': await desk.issuer.sign({ sub: 'eve', role: 'viewer' }),
      nobody: await desk.issuer.sign({ role: 'operator', sub: '' }),
      'alg none': `${encoded({ alg: 'none' })}.${encoded(payload)}.`,
      'signed with the public key': `${signed}.${createHmac('sha256', JSON.stringify(key)).update(signed).digest('base64url')}`,
    };
    for (const route of routes) {
      for (const [name, token] of Object.entries(tokens)) {
        const { status } = await ask(route, mine, token);
        expect({ operation: route.operation, name, status }).toEqual({
          operation: route.operation,
          name,
          status: 401,
        });
      }
    }
  });

  it('answers 403 below its role, and from its role on something else', async () => {
    for (const role of ROLES) {
      const token = await desk.token({ role, ...(role === 'operator' ? {} : { team: mine }) });
      for (const route of routes) {
        const allowed = ROLES.indexOf(role) >= ROLES.indexOf(leastOf(route.operation));
        const { status, body } = await ask(route, mine, token);
        const about = { operation: route.operation, role };
        if (!allowed) expect({ ...about, status }).toEqual({ ...about, status: 403 });
        else
          expect({ ...about, status: [401, 403].includes(status) ? body : 'passed' }).toEqual({
            ...about,
            status: 'passed',
          });
      }
    }
  });

  it('of a foreign team is the same 404 as of one that does not exist, whatever the role', async () => {
    const nobody = `nobody-${randomUUID()}`;
    const same = (body: string, team: string): unknown => {
      const { requestId, ...rest } = z.looseObject({ requestId: z.string() }).parse(JSON.parse(body));
      expect(requestId).not.toBe('');
      return JSON.parse(JSON.stringify(rest).replaceAll(team, 'TEAM'));
    };
    const ofTeams = routes.filter(({ path }) => path.includes('{team}'));
    expect(ofTeams.length).toBeGreaterThan(20);
    for (const role of ROLES.filter((one) => one !== 'operator')) {
      const token = await desk.token({ role, team: mine });
      for (const route of ofTeams) {
        const [there, nowhere] = [await ask(route, foreign, token), await ask(route, nobody, token)];
        const { operation } = route;
        expect({ operation, role, status: there.status }).toEqual({ operation, role, status: 404 });
        expect(same(there.body, foreign)).toEqual(same(nowhere.body, nobody));
      }
    }
    const operator = await desk.token({ role: 'operator' });
    for (const route of ofTeams.filter(({ operation }) => operation !== 'putTeam')) {
      expect((await ask(route, nobody, operator)).status).toBe(404);
    }
  });

  it('of a token whose team does not exist is 404 too', async () => {
    const nobody = `nobody-${randomUUID()}`;
    const token = await desk.token({ role: 'viewer', team: nobody });
    for (const route of routes.filter(
      ({ path, operation }) => path.includes('{team}') && operation !== 'putTeam',
    )) {
      expect((await ask(route, nobody, token)).status).toBe(404);
    }
  });
});
