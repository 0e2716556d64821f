export { loadPricing, pricingFilesFrom, PricingFileError, type Pricing, type PricingFiles } from './load';
export * from './pure';
export { momentSchema, runToPriceSchema, type RunToPrice } from './run-schema';
