import { type Json } from './json';

/**
 * Which block types there are and where each executes. No zod here: the workflow asks, and so does the validator.
 *
 * - `interpreter`: never executed; it hands on what reaches it.
 * - `timer`: a durable timer of the workflow first; then what executes, and is metered, has nothing left to do.
 * - `logic`: pure and short; a local activity.
 * - `external`: leaves the process; an activity of its own.
 * - `agent`: a routine of the workflow, whose every step is an activity of its own.
 */
export type BlockExecution = 'interpreter' | 'timer' | 'logic' | 'external' | 'agent';

export const BLOCK_TYPES = {
  start: 'interpreter',
  output: 'interpreter',
  delay: 'timer',
  or: 'logic',
  condition: 'logic',
  if: 'logic',
  validate: 'logic',
  evaluate: 'logic',
  // Only their `items`, `times` and `while` execute, and cost nothing: what they run is charged.
  for: 'logic',
  repeat: 'logic',
  collect: 'interpreter',
  flow: 'interpreter',
  'http-request': 'external',
  connector: 'external',
  'ai-agent': 'agent',
  'ai-media': 'external',
} as const satisfies Record<string, BlockExecution>;

export type BuiltInBlockType = keyof typeof BLOCK_TYPES;

/** A type that is not built in was registered by the platform and executes outside. */
export function executionOf(type: string): BlockExecution {
  return Object.hasOwn(BLOCK_TYPES, type) ? BLOCK_TYPES[type as BuiltInBlockType] : 'external';
}

interface TypedConfig {
  readonly type: string;
  readonly config: Readonly<Record<string, Json>>;
}

export const DEFAULT_ATTEMPTS = 3;
export const DEFAULT_TIMEOUT_SECONDS = 30;
/** Models think. */
export const AI_TIMEOUT_SECONDS = 120;
/** A logic block's evaluation is cut off after this long; waiting for its turn is not counted. */
export const LOGIC_TIMEOUT_MS = 2000;

/** How often a block may be tried in all; only failures that may pass (`retryable`) are tried again. */
export function attemptsOf({ config }: TypedConfig): number {
  const { attempts } = config;
  return typeof attempts === 'number' ? attempts : DEFAULT_ATTEMPTS;
}

/** The longest one attempt of a block (one step of an agent) takes by its config, in milliseconds, metering and queueing not counted. */
export function attemptTimeoutMs({ type, config }: TypedConfig): number {
  if (executionOf(type) === 'logic') return LOGIC_TIMEOUT_MS;
  const seconds = config['timeoutSeconds'];
  const usual = type === 'ai-agent' || type === 'ai-media' ? AI_TIMEOUT_SECONDS : DEFAULT_TIMEOUT_SECONDS;
  return (typeof seconds === 'number' ? seconds : usual) * 1000;
}
