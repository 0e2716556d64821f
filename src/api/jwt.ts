import { type FastifyRequest } from 'fastify';
import { isKept } from '../contracts/kept';
import { type Authenticate, type Identity, type Role, ROLES } from './identity';
import { Problem } from './problem';
import { unavailable } from './unavailable';

/** Which claims say who asks. A name is the claim's whole name, dots and slashes included. */
export interface ClaimNames {
  /** Default `team`. */
  readonly team?: string;
  /** Default `role`: one of ours, after `roles` has been asked. */
  readonly role?: string;
  /** Default `sub`. */
  readonly actor?: string;
}

/** A set of public keys, as RFC 7517 has it. */
export interface KeySet {
  readonly keys: readonly Readonly<Record<string, unknown>>[];
}

/** Whose tokens count, and how they say who asks. */
export interface JwtOptions {
  /** Where the keys are: fetched when first needed, kept, fetched anew when a token names one that is not there. */
  readonly jwksUrl?: string;
  /** Or the keys themselves. */
  readonly keys?: KeySet;
  readonly issuer: string;
  readonly audience: string;
  /** Default: asymmetric ones alone. A token of any other algorithm does not count. */
  readonly algorithms?: readonly string[];
  readonly claims?: ClaimNames;
  /** What the issuer calls our roles: `{'acme:billing': 'billing-admin'}`. Left out: it uses our names. */
  readonly roles?: Readonly<Record<string, Role>>;
  /** How far the issuer's clock may differ, in seconds. Default 5. */
  readonly clockToleranceSeconds?: number;
}

/** The algorithms of tokens that count unless others are named. */
export const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA'] as const;
const SECRETLY_SHARED = /^(HS\d+|none)$/i;

/**
 * Bearer tokens: JWT, signed by one of the keys with one of the algorithms, of this issuer, for this audience, not
 * expired, with a subject. Throws `TypeError` on options that would take anybody's token.
 */
export async function bearerJwt(options: JwtOptions): Promise<Authenticate> {
  const { jwksUrl, keys, issuer, audience, algorithms = ALGORITHMS, clockToleranceSeconds = 5 } = options;
  if ((jwksUrl === undefined) === (keys === undefined)) {
    throw new TypeError('bearerJwt takes either "jwksUrl" or "keys"');
  }
  if (issuer === '' || audience === '') throw new TypeError('bearerJwt takes an issuer and an audience');
  const shared = algorithms.find((algorithm) => SECRETLY_SHARED.test(algorithm));
  if (shared !== undefined || algorithms.length === 0) {
    throw new TypeError(`bearerJwt takes asymmetric algorithms, such as ${ALGORITHMS.join(', ')}`);
  }
  const { createLocalJWKSet, createRemoteJWKSet, errors, jwtVerify } = await import('jose');
  const keySet =
    keys === undefined
      ? createRemoteJWKSet(addressOfKeys(jwksUrl ?? ''))
      : createLocalJWKSet({ keys: keys.keys.map((key) => ({ kty: '', ...key })) });
  const asked = {
    issuer,
    audience,
    algorithms: [...algorithms],
    clockTolerance: clockToleranceSeconds,
    requiredClaims: ['exp'],
  };
  return async (request) => {
    const token = bearerOf(request);
    try {
      const { payload } = await jwtVerify(token, keySet, asked);
      return identityOf(payload, options);
    } catch (error) {
      if (error instanceof Problem) throw error;
      if (error instanceof errors.JWTExpired) throw unauthorized('the token has expired', error);
      if (error instanceof errors.JWKSTimeout || !(error instanceof errors.JOSEError) || isFetch(error)) {
        throw unavailable('the keys of the token issuer cannot be had', error);
      }
      throw unauthorized('the token does not count here', error);
    }
  };
}

/** Nobody fetches from an address with a password in it, and its text is not for the log. */
function addressOfKeys(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  const fits = url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
  if (!fits) {
    throw new TypeError(
      'the address of the issuer’s keys ("jwksUrl", FLOW_CREDITS_JWKS_URL) must begin with https:// or http://, and have no user or password in it',
    );
  }
  return url;
}

/** Of a key set that was answered with anything but 200: jose has no class of its own for it. */
function isFetch(error: Error): boolean {
  return 'code' in error && error.code === 'ERR_JOSE_GENERIC';
}

function bearerOf({ headers }: FastifyRequest): string {
  const [, token] = /^Bearer +([A-Za-z0-9_.~+/=-]+)$/i.exec(headers.authorization ?? '') ?? [];
  if (token === undefined) throw unauthorized('the header Authorization has no bearer token');
  return token;
}

function identityOf(
  payload: Readonly<Record<string, unknown>>,
  { claims = {}, roles }: JwtOptions,
): Identity {
  const text = (name: string): string | null => {
    const value = Object.hasOwn(payload, name) ? payload[name] : undefined;
    return typeof value === 'string' && value !== '' ? value : null;
  };
  const actor = text(claims.actor ?? 'sub');
  const role = roleOf(text(claims.role ?? 'role'), roles);
  if (actor === null || actor.length > ACTOR_MOST || !isKept(actor)) {
    throw unauthorized('the token names nobody');
  }
  if (role === null) throw unauthorized('the token has no role that is known here');
  const team = role === 'operator' ? null : text(claims.team ?? 'team');
  if (role !== 'operator' && team === null) throw unauthorized('the token has no team');
  const expires = payload['exp'];
  return { actor, role, team, ...(typeof expires === 'number' ? { expiresAt: expires * SECOND_MS } : {}) };
}

/** What the ledger's audit has room for. */
const ACTOR_MOST = 200;
const SECOND_MS = 1000;

function roleOf(word: string | null, roles: JwtOptions['roles']): Role | null {
  if (word === null) return null;
  if (roles !== undefined) return Object.hasOwn(roles, word) ? (roles[word] ?? null) : null;
  return ROLES.find((role) => role === word) ?? null;
}

function unauthorized(detail: string, cause?: unknown): Problem {
  return new Problem('unauthorized', detail, {
    headers: { 'www-authenticate': cause === undefined ? 'Bearer' : 'Bearer error="invalid_token"' },
    cause,
  });
}
