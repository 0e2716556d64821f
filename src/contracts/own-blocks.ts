import { z } from 'zod';
import { blockCatalog, BLOCKS, type BlockCatalog, type BlockSpec, type Config } from './blocks';
import { type ExecuteBlock } from './activities';
import { connectorFaults, type ConnectorCatalog } from './connectors';
import { type Fault } from './flow';
import { type Json } from './json';
import { type Usage } from './usage';
import { pathOf } from './validate-flow-json';

/** What a platform's block is given when it executes. */
export interface OwnBlockCall<Shape> {
  /** As its schema makes it, with every template filled in. */
  readonly config: Shape;
  /** Nothing is null, one value is itself, several are an object by sender id. */
  readonly input: Json;
  /** Values by the id of the block that sent them. */
  readonly inputs: Readonly<Record<string, Json>>;
  readonly run: ExecuteBlock['about'];
  /** A secret of the run's team. It is masked in what the block delivers and in its failure. Throws where there is none. */
  readonly secret: (name: string) => Promise<string>;
  /** Aborted on cancellation and at the attempt's end: hand it on to whatever takes time. */
  readonly signal: AbortSignal;
  /** Says that the block is alive; long work calls it. */
  readonly heartbeat: () => void;
}

/** What came of it: left out, `port` is `out`, and `value` is the block's input, handed on. */
export interface OwnBlockResult {
  readonly port?: string;
  readonly value?: Json;
  /** What it used, where its row of the rate card is priced by usage: `{units: 3}`. */
  readonly usage?: Usage;
}

/** What {@link defineBlock} takes. */
export interface BlockDefinition<Shape extends z.ZodRawShape> {
  /** Its name in flows and in the rate card's `blocks`. None of ours. */
  readonly type: string;
  /** One sentence, for who writes flows. */
  readonly description?: string;
  /** Its config. Fields it does not name are refused. */
  readonly config: z.ZodObject<Shape>;
  /** Where it delivers, besides `error`: by default on `out`. May depend on the config as the flow has it. */
  readonly ports?: readonly string[] | ((config: Config) => readonly string[]);
  /**
   * Whether texts in its config are templates, `{{ input.name }}` and `{{secret:NAME}}`. Default true: then such a text may
   * stand wherever the schema wants something else, and what comes of it is held to the schema before the block executes.
   */
  readonly templates?: boolean;
  /** How long one attempt takes at most; a flow may say otherwise in the block's config. Default 30. */
  readonly timeoutSeconds?: number;
  /** How often it may be tried in all; a flow may say otherwise. Default 3. Only failures that may pass are tried again. */
  readonly attempts?: number;
  /** Throws `BlockError` to name a failure and to say whether it may pass. Anything else that is thrown may. */
  execute(call: OwnBlockCall<z.output<z.ZodObject<Shape>>>): Promise<OwnBlockResult>;
}

/** A platform's block type, complete: what the validator, the estimate and the worker need of it. */
export interface OwnBlock {
  readonly flowCreditsBlock: 1;
  readonly type: string;
  readonly spec: BlockSpec;
  /** `config` is the flow's, with its templates filled in. Throws `OwnConfigInvalid` where it is not what it should be. */
  execute(config: Config, call: Omit<OwnBlockCall<unknown>, 'config'>): Promise<OwnBlockResult>;
}

/** A config that its templates made into something its schema does not take. */
export class OwnConfigInvalid extends Error {
  override readonly name = 'OwnConfigInvalid';
}

/** Fields every block of a platform has beside its own, as ours have them. */
const COMMON = {
  timeoutSeconds: z.number().positive().max(3600).optional(),
  attempts: z.int().min(1).max(10).optional(),
};
type Common = keyof typeof COMMON;

const typeSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,63}$/, 'must be 1 to 64 lower-case letters, digits and "-", a letter first');

/**
 * Defines a block type of a platform: hand it to `createFlowCreditsWorker({blocks: [...]})`, and price it in the rate card
 * by a row of its name in `blocks`; without a row it costs nothing. Throws `TypeError` that names what is wrong with it.
 */
export function defineBlock<Shape extends z.ZodRawShape>(definition: BlockDefinition<Shape>): OwnBlock {
  const {
    type,
    description,
    config,
    ports = ['out'],
    templates = true,
    timeoutSeconds,
    attempts,
  } = definition;
  const named = typeSchema.safeParse(type);
  if (!named.success)
    throw new TypeError(`block type ${JSON.stringify(type)}: ${named.error.issues[0]?.message ?? ''}`);
  const defaults = {
    ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
    ...(attempts === undefined ? {} : { attempts }),
  };
  const bounds = z.object(COMMON).safeParse(defaults);
  if (!bounds.success) throw new TypeError(`block type "${type}": ${issueText(bounds.error)}`);
  // A field that nobody knows is a misspelt one, as in our own blocks.
  const own = config.strict();
  const added = Object.fromEntries(
    Object.entries(COMMON).filter(([name]) => !Object.hasOwn(config.shape, name)),
  );
  const isAdded = (name: string): name is Common => Object.hasOwn(added, name);
  return {
    flowCreditsBlock: 1,
    type,
    spec: {
      config: own.extend(added),
      ports: typeof ports === 'function' ? ports : () => ports,
      fails: true,
      templates,
      ...(templates ? { late: true } : {}),
      ...(description === undefined ? {} : { description }),
      ...(Object.keys(defaults).length === 0 ? {} : { defaults }),
    },
    execute: async (given, call) => {
      const fields = Object.entries(given).filter(([name]) => !isAdded(name));
      const parsed = own.safeParse(Object.fromEntries(fields));
      if (!parsed.success) throw new OwnConfigInvalid(issueText(parsed.error));
      return definition.execute({ ...call, config: parsed.data });
    },
  };
}

/** No value is in it: a template may have made it from a secret. */
function issueText(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => `${pathOf(path) || 'config'}: ${message}`).join('; ');
}

export function isOwnBlock(value: unknown): value is OwnBlock {
  return (
    typeof value === 'object' && value !== null && 'flowCreditsBlock' in value && value.flowCreditsBlock === 1
  );
}

/**
 * The built-in types and a platform's. Where the services of connectors are known, `connector` blocks are held to them.
 * Throws `TypeError` where a type has a name of ours, or two share one.
 */
export function catalogWith(blocks: readonly OwnBlock[], services: ConnectorCatalog = {}): BlockCatalog {
  const twice = blocks.find(({ type }, place) => blocks.findIndex((other) => other.type === type) < place);
  if (twice !== undefined) {
    throw new TypeError(`block type "${twice.type}" is defined twice; give one of them another name`);
  }
  const catalog = blockCatalog(Object.fromEntries(blocks.map(({ type, spec }) => [type, spec])));
  const connector = catalog.get('connector');
  if (connector === undefined || Object.keys(services).length === 0) return catalog;
  const check = (config: Config): readonly Fault[] => connectorFaults(config, services);
  return new Map([...catalog, ['connector', { ...connector, check }]]);
}

/** The catalog for a private runner's blocks: which services it has is not ours to know. */
export function catalogForRunner(catalog: BlockCatalog): BlockCatalog {
  const connector = BLOCKS.get('connector');
  return connector === undefined ? catalog : new Map([...catalog, ['connector', connector]]);
}

/** What own types say of their attempts where a flow does not. */
export type BlockDefaults = Readonly<Record<string, Readonly<Record<string, Json>>>>;

/** The defaults of a catalog's types, by type; null where there are none. */
export function defaultsOf(catalog: BlockCatalog): BlockDefaults | null {
  const all = [...catalog].flatMap(([type, { defaults }]) =>
    defaults === undefined ? [] : [[type, defaults] as const],
  );
  return all.length === 0 ? null : Object.fromEntries(all);
}
