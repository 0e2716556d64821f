import { type FastifyRequest } from 'fastify';

/** Each includes those before it. */
export const ROLES = ['viewer', 'developer', 'billing-admin', 'operator'] as const;
/** What somebody may do, see `ACCESS`. */
export type Role = (typeof ROLES)[number];

/** Who asks. */
export interface Identity {
  /** The one team they see; null for an operator, who sees all. */
  readonly team: string | null;
  readonly role: Role;
  /** Whom the audit names. */
  readonly actor: string;
  /** Milliseconds since 1970: a stream that was opened with a token ends with it. Left out: never. */
  readonly expiresAt?: number;
}

/**
 * Says who asks, by whatever the request carries. Throws {@link Problem} `unauthorized` where nobody is to be made out;
 * anything else it throws is a fault.
 */
export type Authenticate = (request: FastifyRequest) => Promise<Identity>;

/** Whether a role has all that another one has. */
export function includes(role: Role, least: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(least);
}

/** The one who asks. Every route below `/v1` has one: the door made sure. */
export function whoAsks(request: FastifyRequest): Identity {
  if (request.identity === null) throw new TypeError(`${request.url} was reached without an identity`);
  return request.identity;
}

declare module 'fastify' {
  interface FastifyRequest {
    identity: Identity | null;
  }
}
