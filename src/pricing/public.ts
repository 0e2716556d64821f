/**
 * Rate cards and plans, and what things cost by them. Pure but for the loading.
 *
 * @module pricing
 */
export { loadPricing, PricingFileError, pricingFilesFrom, type Pricing, type PricingFiles } from './load';
export { charge, chargeActivity, runCharge, type Priced } from './charge';
export { contextOf, type ContextInput } from './context';
export { estimate, likely, requiresCredits, type EstimateOptions, type Planned } from './estimate';
export { type Graph, type PortsOf } from './graph';
export { priceRun, type CardAt, type PricedRun } from './price-run';
export { PricingRefusal } from './refusal';
export { reprice, type PastCharge, type Repriced } from './reprice';
export { type RateCard } from './card-schema';
export { type Table } from './rows';
export { runToPriceSchema, type RunToPrice } from './run-schema';
export { type Charge, type ChargeLine, type Estimate, type Provenance } from '../contracts/charge';
export { type Location, type RunContext, type Trigger } from '../contracts/context';
export { type Block, type Fault, type Flow } from '../contracts/flow';
export { type Json } from '../contracts/json';
export {
  formatCredits,
  parseCredits,
  type Millicredits,
  type MillicreditsText,
} from '../contracts/millicredits';
export { type PaygRate } from '../contracts/money';
export { type PlanRules } from '../contracts/plan';
export { type Instant } from '../contracts/time';
export { type Usage } from '../contracts/usage';
