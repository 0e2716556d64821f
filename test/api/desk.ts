import { type FastifyInstance, type LightMyRequestResponse } from 'fastify';
import { createApi, type ApiOptions, type Role } from '../../src/api';
import { bearerJwt } from '../../src/api/jwt';
import { atEnd } from '../support';
import { openDesk, type Desk, type DeskOptions } from '../workflows/desk';
import { AUDIENCE, ISSUER, issuer, type Issuer } from './tokens';

export interface Asked {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** A platform with our API in front of it, and tokens to ask with. */
export interface ApiDesk extends Desk {
  readonly app: FastifyInstance;
  readonly issuer: Issuer;
  token(claims: {
    readonly role: Role;
    readonly team?: string;
    readonly expiresIn?: number;
  }): Promise<string>;
  /** Asks as somebody of a team; an operator without one. */
  ask(
    url: string,
    as: { readonly role: Role; readonly team?: string },
    asked?: Asked,
  ): Promise<LightMyRequestResponse>;
}

export interface ApiDeskOptions extends DeskOptions {
  readonly api?: Partial<ApiOptions> | ((desk: Desk) => Partial<ApiOptions>);
}

export async function openApiDesk({ api = {}, ...options }: ApiDeskOptions = {}): Promise<ApiDesk> {
  const [desk, signer] = await Promise.all([openDesk(options), issuer()]);
  const authenticate = await bearerJwt({ keys: signer.keys, issuer: ISSUER, audience: AUDIENCE });
  const own = typeof api === 'function' ? api(desk) : api;
  const { client, reader, pricing } = desk;
  const app = await createApi({ client, reader, pricing, authenticate, ...own });
  await app.ready();
  atEnd(() => app.close());
  const token: ApiDesk['token'] = (claims) => signer.sign({ sub: `${claims.role}@test`, ...claims });
  return {
    ...desk,
    app,
    issuer: signer,
    token,
    ask: async (url, { role, team }, { method = 'GET', headers = {}, body } = {}) => {
      const bearer = await token({ role, ...(team === undefined ? {} : { team }) });
      return app.inject({
        method,
        url,
        headers: {
          authorization: `Bearer ${bearer}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
      });
    },
  };
}
