/** All of pricing that needs no file system and no zod: what a workflow may import. */
export { charge, chargeActivity, runCharge, type Priced } from './charge';
export { contextOf, runLocation, type ContextInput } from './context';
export {
  activitiesRequireCredits,
  estimate,
  likely,
  requiresCredits,
  type EstimateOptions,
  type Planned,
} from './estimate';
export { flowPriceFaults, knownBlockTypes, modelFaults, usageFaults } from './faults';
export { type PortsOf } from './graph';
export { priceRun, type PricedRun } from './price-run';
export { PricingRefusal } from './refusal';
export { reprice, type PastCharge, type Repriced } from './reprice';
export { type RateCard } from './card-schema';
export { rowAt, type Table } from './rows';

/** The ledger's key of what a flow run itself costs. */
export const RUN_CHARGE_KEY = '@run';
