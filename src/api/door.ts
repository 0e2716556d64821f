import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { ACCESS, type Access, type Operation } from './access';
import { includes, type Authenticate, type Identity } from './identity';
import { type KnownTeams } from './known-teams';
import { Problem, unknownTeam } from './problem';

/** What the door needs to know. */
export interface Door {
  readonly authenticate: Authenticate;
  readonly access: Access;
  readonly teams: KnownTeams;
}

export function accessOf(own: Partial<Access> = {}): Access {
  return { ...ACCESS, ...own };
}

/** Operations on teams that need not be there: putting a team creates it. */
const CREATES: ReadonlySet<Operation> = new Set(['putTeam']);

/**
 * Who passes: everybody is made out first, then sees the team or does not, then may do it or may not. A team that is not
 * theirs and one that does not exist are the same answer, whatever they asked to do. Before any body is read.
 */
export function guard(app: FastifyInstance, { authenticate, access, teams }: Door): void {
  app.decorateRequest('identity', null);
  app.addHook('onRoute', ({ url, method, config }) => {
    if (config?.operation === undefined)
      throw new TypeError(`${String(method)} ${url} has no operation: who may?`);
  });
  app.addHook('onRequest', async (request) => {
    const identity = await authenticate(request);
    request.identity = identity;
    const { operation } = request.routeOptions.config;
    // Of an address that has no route: the answer is that there is none.
    if (operation === undefined) return;
    const team = teamIn(request);
    if (team !== null) {
      sees(identity, team);
      if (!CREATES.has(operation) && !(await teams.has(team))) throw unknownTeam(team);
    }
    allow(identity, access[operation], operation);
  });
}

function teamIn({ params }: FastifyRequest): string | null {
  const named: unknown =
    typeof params === 'object' && params !== null && 'team' in params ? params.team : null;
  return typeof named === 'string' ? named : null;
}

function sees({ role, team: own }: Identity, team: string): void {
  if (role !== 'operator' && own !== team) throw unknownTeam(team);
}

/** Throws {@link Problem} 403 where the role does not include the least one. */
export function allow({ role }: Identity, least: Access[Operation], operation: string): void {
  if (includes(role, least)) return;
  throw new Problem('forbidden', `"${operation}" takes the role "${least}"; this token has "${role}"`);
}
