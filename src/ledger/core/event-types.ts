import { type MillicreditsText } from '../../contracts/millicredits';
import { type RunContext } from '../../contracts/context';
import { type Instant } from '../../contracts/time';

/**
 * What happened to a team that others want to hear of. Stored in the transaction it happened in, delivered afterwards.
 * Amounts are millicredits in text, money is micro-dollars in text, moments are ISO 8601 in UTC.
 */
export type EventBody =
  | {
      readonly kind: 'run.waiting';
      readonly data: RunFacts & { readonly place: number; readonly reason: 'spent' | 'held' };
    }
  | { readonly kind: 'run.released'; readonly data: RunFacts & { readonly held: MillicreditsText } }
  /** It left the line before it was admitted. */
  | { readonly kind: 'run.left'; readonly data: RunFacts & { readonly reason: string } }
  | {
      readonly kind: 'payg.enabled';
      readonly data: { readonly capMicroUsd: string | null; readonly actor: string };
    }
  | { readonly kind: 'payg.disabled'; readonly data: { readonly actor: string | null } }
  /** Usage to bill. The events of a period add up to its statement; a reversal, and what a close allots anew, is negative. */
  | {
      readonly kind: 'payg.usage';
      readonly data: {
        readonly period: number;
        readonly entry: number;
        readonly millicredits: MillicreditsText;
      };
    }
  /** Pay-as-you-go of a closed period that is given back: a line of its own on this period's statement. */
  | {
      readonly kind: 'payg.refund';
      readonly data: {
        readonly period: number;
        readonly entry: number;
        readonly millicredits: MillicreditsText;
      };
    }
  | {
      readonly kind: 'period.reset';
      readonly data: {
        readonly period: number;
        readonly start: string;
        readonly end: string;
        readonly plan: string;
      };
    }
  | {
      readonly kind: 'statement.closed';
      readonly data: {
        readonly period: number;
        readonly start: string;
        readonly end: string;
        readonly plan: string;
        readonly charged: MillicreditsText;
        readonly closing: MillicreditsText;
        readonly payg: MillicreditsText;
        readonly paygCents: string;
        readonly paygReversed: MillicreditsText;
        readonly paygReversedCents: string;
        readonly overdraft: MillicreditsText;
      };
    }
  | {
      readonly kind: 'usage.threshold';
      readonly data: {
        readonly period: number;
        readonly percent: number;
        readonly used: MillicreditsText;
        readonly included: MillicreditsText;
      };
    }
  | {
      readonly kind: 'payg.threshold';
      readonly data: {
        readonly period: number;
        readonly microUsd: string;
        readonly used: MillicreditsText;
        readonly usedMicroUsd: string;
      };
    };

export interface RunFacts {
  readonly runId: string;
  readonly workflowId: string;
  readonly flow: string;
  readonly trigger: RunContext['trigger'];
}

/** The kind of an event: `run.waiting`, `payg.enabled` and so on. */
export type EventKind = EventBody['kind'];

/** An event of a team. `team:seq` names it for ever: who imports it twice has it once. */
export type LedgerEvent = EventBody & {
  /** Counts from 1 within a team. */
  readonly seq: number;
  readonly at: Instant;
};
