import { z } from 'zod';
import { OPERATIONS, type Access } from '../access';
import { includes, ROLES, whoAsks } from '../identity';
import { type Api, reads } from '../operation';
import { documented } from '../schemas/registry';

const meSchema = z
  .object({
    actor: z.string(),
    role: z.enum(ROLES),
    team: z
      .string()
      .nullable()
      .register(documented, { description: 'Null: an operator, who sees all teams.' }),
    may: z
      .array(z.string())
      .register(documented, { description: 'The operations of this document, by their ids.' }),
  })
  .register(documented, {
    id: 'Me',
    examples: [{ actor: 'olga@acme.example', role: 'viewer', team: 'acme', may: ['getMe', 'getTeam'] }],
  });

export function meRoutes(app: Api, access: Access): void {
  app.get(
    '/me',
    reads(
      'getMe',
      { tag: 'me', summary: 'Who asks, and what they may do', description: 'As the token says it.' },
      { response: { 200: meSchema } },
    ),
    (request) => {
      const { actor, role, team } = whoAsks(request);
      return { actor, role, team, may: OPERATIONS.filter((operation) => includes(role, access[operation])) };
    },
  );
}
