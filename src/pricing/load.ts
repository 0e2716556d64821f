import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { delimiter } from 'node:path';
import { type z } from 'zod';
import { faultsOf } from '../contracts/faults';
import { type Fault } from '../contracts/flow';
import { millicredits, parseCredits } from '../contracts/millicredits';
import { parseUsd } from '../contracts/money';
import { type PlanRules } from '../contracts/plan';
import { type Instant } from '../contracts/time';
import { cardFileSchema, type CardFile, type RateCard } from './card-schema';
import olderCard from './cards/postman-before-2026-03-01.json';
import newerCard from './cards/postman-2026-03-01.json';
import { planFileSchema, type PlanFile } from './plan-schema';
import shippedPlans from './plans/postman.json';

/** A rate card or plan file that cannot be used. Nothing of it was loaded. */
export class PricingFileError extends Error {
  override readonly name = 'PricingFileError';

  constructor(
    readonly file: string,
    readonly faults: readonly Fault[],
  ) {
    super(faults.map(({ path, message }) => [file, path, message].filter(Boolean).join(': ')).join('\n'));
  }
}

/** Prices and plans by date; immutable. */
export interface Pricing {
  /** Oldest first. */
  readonly cards: readonly RateCard[];
  /** The card in force; null before the first. */
  readonly cardAt: (at: Instant) => RateCard | null;
  /** The card with an id; null for one that was never loaded. */
  readonly card: (id: string) => RateCard | null;
  /** The rules of a plan in force; null for a plan nobody knows. */
  readonly plan: (plan: string, at: Instant) => PlanRules | null;
  /** The names of the plans in force, lowest rank first. */
  readonly planNames: (at: Instant) => readonly string[];
  /** Where the fields of the plans in force come from, each documented or assumed; null before the first. */
  readonly planOrigins: (at: Instant) => PlanFile['origins'] | null;
  /** SHA-256 over all cards and plans: two processes with the same one price alike. */
  readonly hash: string;
}

/** Files on top of the shipped rate cards and plans. */
export interface PricingFiles {
  /** A platform's own rate cards, oldest first. */
  readonly cardFiles?: readonly string[];
  readonly planFiles?: readonly string[];
}

/** The files that FLOW_CREDITS_RATE_CARDS and FLOW_CREDITS_PLANS name, separated like those of PATH. */
export function pricingFilesFrom(env: Readonly<Record<string, string | undefined>>): Required<PricingFiles> {
  const list = (name: string): string[] => (env[name] ?? '').split(delimiter).filter((file) => file !== '');
  return { cardFiles: list('FLOW_CREDITS_RATE_CARDS'), planFiles: list('FLOW_CREDITS_PLANS') };
}

interface Loaded<T> {
  readonly file: string;
  readonly value: T;
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as unknown;
  } catch (error) {
    const message =
      error instanceof SyntaxError ? `is no JSON: ${error.message}` : `cannot be read: ${String(error)}`;
    throw new PricingFileError(file, [{ path: '', message }]);
  }
}

function parse<S extends z.ZodType>(schema: S, { file, value }: Loaded<unknown>): z.output<S> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new PricingFileError(file, faultsOf(parsed.error, value));
  return parsed.data;
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(freeze);
  return Object.freeze(value);
}

/** What speaks against a file after those loaded before it: its id is taken, or it would change a price of the past. */
function orderFaults(
  next: { readonly id: string; readonly inForceFrom: string },
  loaded: readonly { readonly id: string; readonly inForceFrom: string }[],
): Fault[] {
  const faults: Fault[] = [];
  if (loaded.some(({ id }) => id === next.id)) {
    faults.push({
      path: 'id',
      message: `"${next.id}" is loaded already; cards and plans never change, so give this one its own id`,
    });
  }
  const last = loaded.at(-1);
  if (last !== undefined && Date.parse(next.inForceFrom) <= Date.parse(last.inForceFrom)) {
    faults.push({
      path: 'inForceFrom',
      message: `must be after ${last.inForceFrom}, where "${last.id}" starts, and is ${next.inForceFrom}: no file changes prices of the past`,
    });
  }
  return faults;
}

/** A card that extends another has all its rows, but for those it names itself. */
function resolve({ extends: base, ...own }: CardFile, loaded: readonly RateCard[], file: string): RateCard {
  if (base === undefined) return own;
  const card = loaded.find(({ id }) => id === base);
  if (card === undefined) {
    const known = loaded.map(({ id }) => `"${id}"`).join(', ');
    throw new PricingFileError(file, [
      { path: 'extends', message: `"${base}" is no card loaded before this one; there are ${known}` },
    ]);
  }
  return {
    ...own,
    run: { ...card.run, ...own.run },
    blocks: { ...card.blocks, ...own.blocks },
    activities: { ...card.activities, ...own.activities },
  };
}

function loadCards(sources: readonly Loaded<unknown>[]): RateCard[] {
  const cards: RateCard[] = [];
  for (const source of sources) {
    const file = parse(cardFileSchema, source);
    const faults = orderFaults(file, cards);
    if (faults.length > 0) throw new PricingFileError(source.file, faults);
    cards.push(freeze(resolve(file, cards, source.file)));
  }
  return cards;
}

function loadPlans(sources: readonly Loaded<unknown>[]): PlanFile[] {
  const plans: PlanFile[] = [];
  for (const source of sources) {
    const file = parse(planFileSchema, source);
    const faults = orderFaults(file, plans);
    if (faults.length > 0) throw new PricingFileError(source.file, faults);
    plans.push(freeze(file));
  }
  return plans;
}

function inForce<T extends { readonly inForceFrom: string }>(all: readonly T[], at: Instant): T | null {
  return all.findLast(({ inForceFrom }) => Date.parse(inForceFrom) <= at) ?? null;
}

function rulesOf(plan: string, file: PlanFile): PlanRules | null {
  const found = Object.hasOwn(file.plans, plan) ? file.plans[plan] : undefined;
  if (found === undefined) return null;
  const { includedCredits, paygRate, ...rest } = found;
  return {
    plan,
    ...rest,
    includedCredits: millicredits(parseCredits(includedCredits)),
    paygRate: { microUsd: parseUsd(paygRate.usd), credits: BigInt(paygRate.credits) },
  };
}

/** The same text for the same data, whatever order its keys were written in. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

function fromFiles(files: readonly string[] | undefined): Loaded<unknown>[] {
  return (files ?? []).map((file) => ({ file, value: readJson(file) }));
}

/**
 * The shipped cards and plans and then a platform's own, each of which must start after all before it.
 *
 * Throws {@link PricingFileError} with every fault of the first bad file.
 */
export function loadPricing({ cardFiles, planFiles }: PricingFiles = {}): Pricing {
  const cards = loadCards([
    { file: 'cards/postman-before-2026-03-01.json', value: olderCard },
    { file: 'cards/postman-2026-03-01.json', value: newerCard },
    ...fromFiles(cardFiles),
  ]);
  const plans = loadPlans([{ file: 'plans/postman.json', value: shippedPlans }, ...fromFiles(planFiles)]);
  return {
    cards: Object.freeze(cards),
    cardAt: (at) => inForce(cards, at),
    card: (id) => cards.find((card) => card.id === id) ?? null,
    plan(plan, at) {
      const file = inForce(plans, at);
      return file === null ? null : rulesOf(plan, file);
    },
    planNames(at) {
      const entries = Object.entries(inForce(plans, at)?.plans ?? {});
      return entries.sort(([, a], [, b]) => a.rank - b.rank).map(([name]) => name);
    },
    planOrigins: (at) => inForce(plans, at)?.origins ?? null,
    hash: createHash('sha256').update(canonical({ cards, plans })).digest('hex'),
  };
}
