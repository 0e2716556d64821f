import { type FastifyInstance } from 'fastify';
import { type ZodTypeProvider } from 'fastify-type-provider-zod';
import { type Access } from '../access';
import { type ApiOptions } from '../options';
import { creditRoutes } from './credits';
import { estimateRoutes } from './estimates';
import { feedRoutes } from './feed';
import { forecastRoutes } from './forecast';
import { grantRoutes } from './grants';
import { lineRoutes } from './line';
import { liveRoutes } from './live';
import { meRoutes } from './me';
import { paygRoutes } from './payg';
import { priceRoutes } from './prices';
import { runCommandRoutes } from './run-commands';
import { runRoutes } from './runs';
import { settingRoutes } from './settings';
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
  forecastRoutes(app, options);
  liveRoutes(app, options);
  priceRoutes(app, options);
  estimateRoutes(app, options);
  paygRoutes(app, options);
  creditRoutes(app, options);
  settingRoutes(app, options);
  runCommandRoutes(app, options, access);
}
