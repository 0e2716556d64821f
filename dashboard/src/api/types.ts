import { type components } from './schema';

/** What the API answers, by the names the page uses. The shapes are generated from its OpenAPI document. */
type Schemas = components['schemas'];

export type Me = Schemas['Me'];
export type Overview = Schemas['Team'];
export type Forecast = Schemas['Forecast'];
export type Usage = Schemas['Usage'];
export type RunRow = Schemas['Run'];
export type Charge = Schemas['Charge'];
/** Its charges are those that were loaded. */
export type RunDetail = Omit<Schemas['RunDetail'], 'charges'> & { readonly charges: readonly Charge[] };
export type LineRow = Schemas['InLine'];
export type Pack = Schemas['Pack'];
export type Adjustment = Schemas['Adjustment'];
export type Statement = Schemas['Statement'];
export type RateCard = Schemas['RateCard'];
export type RateCardRow = Schemas['RateCardRow'];
export type Plans = Schemas['Plans'];
export type AuditRow = Schemas['Audit'];
export type PaygPreview = Schemas['PayAsYouGoPreview'];
