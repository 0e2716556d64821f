import { type z } from 'zod';
import { aiAgentConfigSchema, aiMediaConfigSchema, checkAgent, checkMedia } from './blocks-ai';
import {
  conditionConfigSchema,
  connectorConfigSchema,
  delayConfigSchema,
  emptyConfigSchema,
  evaluateConfigSchema,
  flowConfigSchema,
  forConfigSchema,
  httpRequestConfigSchema,
  ifConfigSchema,
  outputConfigSchema,
  repeatConfigSchema,
  validateConfigSchema,
} from './blocks-config';
import { checkCases, checkExpressions, checkHttpRequest, checkSchema } from './blocks-checks';
import { BLOCK_TYPES, type BuiltInBlockType } from './blocks-types';
import { type Fault } from './flow';
import { type Json } from './json';

/** A block's config as the flow has it, templates and all. */
export type Config = Readonly<Record<string, Json>>;

/** What the validator knows of a block type. A platform describes its own types with it. */
export interface BlockSpec {
  readonly config: z.ZodType;
  /** Ports a valid config has, without `error`. */
  ports(config: Config): readonly string[];
  /** Whether a failure of the block can be delivered on `error`. */
  readonly fails: boolean;
  /** Whether strings in the config are templates; of all others none may hold a secret reference. */
  readonly templates: boolean;
  /**
   * Its config is checked again once its templates are filled in: until then a text with a template in it may stand for
   * anything.
   */
  readonly late?: boolean;
  /** One sentence, for who writes flows. */
  readonly description?: string;
  /** Fields of the config that decide about attempts, where a flow leaves them out. */
  readonly defaults?: Config;
  /** What the schema cannot say. Paths are relative to the config: `cases[1].when`. Sees valid configs only. */
  check?(config: Config): readonly Fault[];
}

/** The block types that flows may have, by name. */
export type BlockCatalog = ReadonlyMap<string, BlockSpec>;

const out = (): readonly string[] => ['out'];
const none = (): readonly string[] => [];

function casePorts({ cases }: Config): readonly string[] {
  const names = Array.isArray(cases)
    ? cases.flatMap((item) =>
        typeof item === 'object' && item !== null && !Array.isArray(item) && typeof item['name'] === 'string'
          ? [item['name']]
          : [],
      )
    : [];
  return [...names, 'else'];
}

const BUILT_IN: Record<BuiltInBlockType, BlockSpec> = {
  start: { config: emptyConfigSchema, ports: out, fails: false, templates: false },
  output: { config: outputConfigSchema, ports: none, fails: false, templates: false },
  or: { config: emptyConfigSchema, ports: out, fails: false, templates: false },
  delay: { config: delayConfigSchema, ports: out, fails: false, templates: false },
  condition: {
    config: conditionConfigSchema,
    ports: casePorts,
    fails: true,
    templates: false,
    check: checkCases,
  },
  if: {
    config: ifConfigSchema,
    ports: () => ['true', 'false'],
    fails: true,
    templates: false,
    check: checkExpressions('condition'),
  },
  validate: {
    config: validateConfigSchema,
    ports: () => ['valid', 'invalid'],
    fails: true,
    templates: false,
    check: checkSchema,
  },
  evaluate: {
    config: evaluateConfigSchema,
    ports: out,
    fails: true,
    templates: false,
    check: checkExpressions('expression'),
  },
  for: {
    config: forConfigSchema,
    ports: out,
    fails: true,
    templates: false,
    check: checkExpressions('items'),
  },
  repeat: {
    config: repeatConfigSchema,
    ports: out,
    fails: true,
    templates: false,
    check: checkExpressions('times', 'while'),
  },
  collect: { config: emptyConfigSchema, ports: out, fails: false, templates: false },
  flow: { config: flowConfigSchema, ports: out, fails: true, templates: false },
  'http-request': {
    config: httpRequestConfigSchema,
    ports: out,
    fails: true,
    templates: true,
    check: checkHttpRequest,
  },
  connector: { config: connectorConfigSchema, ports: out, fails: true, templates: true },
  'ai-agent': { config: aiAgentConfigSchema, ports: out, fails: true, templates: true, check: checkAgent },
  'ai-media': { config: aiMediaConfigSchema, ports: out, fails: true, templates: true, check: checkMedia },
};

/** The block types of this version. */
export const BLOCKS: BlockCatalog = new Map(Object.entries(BUILT_IN));

/** The built-in types with a platform's own. Throws `TypeError` if one of them has a name that is taken. */
export function blockCatalog(own: Readonly<Record<string, BlockSpec>> = {}): BlockCatalog {
  const taken = Object.keys(own).find((type) => Object.hasOwn(BLOCK_TYPES, type));
  if (taken !== undefined) {
    throw new TypeError(`block type "${taken}" is one of ours; register yours under another name`);
  }
  return new Map([...BLOCKS, ...Object.entries(own)]);
}
