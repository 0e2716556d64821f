export { loadPricing, PricingFileError, type Pricing, type PricingFiles } from './load';
export { faultsOf } from './load-faults';
export * from './pure';
