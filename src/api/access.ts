import { type Role } from './identity';

/**
 * Who may do what: the least role of each operation. The one place where it stands; `createApi({access})` replaces
 * single rows of it.
 *
 * Packs, plans and settings are for operators: whoever sets them gives credits, and nobody has paid through this API. A
 * billing admin commits money within a cap, that is pay-as-you-go. A platform that sells packs or plans to billing
 * admins itself sets `access: {buyPack: 'billing-admin'}` and bills what it finds in the audit.
 */
export const ACCESS = {
  getMe: 'viewer',
  getTeam: 'viewer',
  getForecast: 'viewer',
  getUsage: 'viewer',
  listRuns: 'viewer',
  getRun: 'viewer',
  getLine: 'viewer',
  listStatements: 'viewer',
  listPacks: 'viewer',
  listAdjustments: 'viewer',
  listEvents: 'viewer',
  watchTeam: 'viewer',
  previewPayAsYouGo: 'viewer',
  listPlans: 'viewer',
  listRateCards: 'viewer',
  estimateFlow: 'viewer',

  startRun: 'developer',
  cancelRun: 'developer',
  discardRun: 'developer',
  discardLine: 'developer',

  setPayAsYouGo: 'billing-admin',
  listAudit: 'billing-admin',

  /** Runs that execute on the platform's worker and are priced as on a person's own machine. */
  startLocalRun: 'operator',
  listTeams: 'operator',
  putTeam: 'operator',
  setTeamStatus: 'operator',
  changePlan: 'operator',
  buyPack: 'operator',
  voidPack: 'operator',
  adjustCredits: 'operator',
  reverseRun: 'operator',
} as const satisfies Record<string, Role>;

/** What may be done: the ids of the document's operations, and `startLocalRun`. */
export type Operation = keyof typeof ACCESS;
/** The least role of each operation. */
export type Access = Readonly<Record<Operation, Role>>;

export const OPERATIONS = Object.keys(ACCESS) as readonly Operation[];

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a route does: decides who may. */
    operation?: Operation;
  }
}
