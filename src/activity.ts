/** Inside activities: what metered activities may tell. */
export { reportUsage } from './activities/reported-usage';
export { type Usage } from './contracts/usage';
