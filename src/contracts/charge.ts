import { type MillicreditsText } from './millicredits';

/** Whether a price is documented by its source or assumed by us. */
export type Provenance = 'documented' | 'assumed';

/** One line of a charge. The lines add up to the charge. All amounts are millicredits in text. */
export interface ChargeLine {
  /** For people: `HTTP Request`, `gpt-4o model call`, `MCP tool search on https://tools.example`. */
  readonly what: string;
  readonly quantity: string;
  readonly unitMillicredits: MillicreditsText;
  readonly millicredits: MillicreditsText;
  /** Path of the row in the rate card, `blocks.http-request`. */
  readonly row: string;
  readonly provenance: Provenance;
}

/** A priced block run or activity: a pure function of usage, context and card. */
export interface Charge {
  readonly millicredits: MillicreditsText;
  readonly lines: readonly ChargeLine[];
}

/** `most` is null where nothing bounds it. Millicredits in text. */
export interface Estimate {
  readonly least: MillicreditsText;
  readonly likely: MillicreditsText;
  readonly most: MillicreditsText | null;
}
