import { type FastifyInstance } from 'fastify';
import { type ZodTypeProvider } from 'fastify-type-provider-zod';
import { type Access } from '../access';
import { type ApiOptions } from '../options';
import { feedRoutes } from './feed';
import { grantRoutes } from './grants';
import { lineRoutes } from './line';
import { meRoutes } from './me';
import { priceRoutes } from './prices';
import { runRoutes } from './runs';
import { statementRoutes } from './statements';
import { teamRoutes } from './teams';
import { usageRoutes } from './usage';

/** All routes below `/v1`, one file a group. */
export function registerRoutes(scope: FastifyInstance, options: ApiOptions, access: Access): void {
  const app = scope.withTypeProvider<ZodTypeProvider>();
  meRoutes(app, access);
  teamRoutes(app, options);
  usageRoutes(app, options);
  runRoutes(app, options);
  lineRoutes(app, options);
  statementRoutes(app, options);
  grantRoutes(app, options);
  feedRoutes(app, options);
  priceRoutes(app, options);
}
