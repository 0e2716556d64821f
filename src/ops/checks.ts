import { setTimeout as delay } from 'node:timers/promises';

/** A check that takes longer has failed. */
const WITHIN_MS = 2_000;
/** Whoever asks within this time gets the same answer: the door is open to anybody. */
const KEPT_MS = 1_000;

export type State = 'up' | 'down';

export interface Checked {
  readonly status: State;
  readonly milliseconds: number;
  /** Why it is down, without an address or anything else that is nobody's business. */
  readonly reason?: string;
}

export interface Readiness<Name extends string = string> {
  readonly status: 'ready' | 'not ready';
  readonly checks: Readonly<Record<Name, Checked>>;
}

/** Asks something that is needed whether it is there; throws where it is not. Told to stop when nobody waits any more. */
export type Check = (signal: AbortSignal) => Promise<unknown>;

/** Whether all is there that is needed. Every check is named, has its time, and is bounded in it. */
export function readiness<Name extends string>(
  checks: Readonly<Record<Name, Check>>,
  { withinMs = WITHIN_MS, keptMs = KEPT_MS } = {},
): () => Promise<Readiness<Name>> {
  let asked: { readonly at: number; readonly answer: Promise<Readiness<Name>> } | null = null;
  return () => {
    const now = performance.now();
    if (asked === null || now - asked.at > keptMs) asked = { at: now, answer: askAll(checks, withinMs) };
    return asked.answer;
  };
}

async function askAll<Name extends string>(
  checks: Readonly<Record<Name, Check>>,
  withinMs: number,
): Promise<Readiness<Name>> {
  const names = Object.keys(checks) as Name[];
  const answers = await Promise.all(
    names.map(async (name) => [name, await ask(checks[name], withinMs)] as const),
  );
  const ready = answers.every(([, { status }]) => status === 'up');
  return {
    status: ready ? 'ready' : 'not ready',
    checks: Object.fromEntries(answers) as Record<Name, Checked>,
  };
}

async function ask(check: Check, withinMs: number): Promise<Checked> {
  const begun = performance.now();
  const took = (): number => Math.round(performance.now() - begun);
  try {
    await inTime(withinMs, check);
    return { status: 'up', milliseconds: took() };
  } catch (error) {
    return { status: 'down', milliseconds: took(), reason: reasonOf(error) };
  }
}

/**
 * What is asked for, or the error that `late` makes where it takes longer; who is asked is told by the signal when nobody
 * waits any more. Whoever loses the race fails unheard.
 */
export async function inTime<T>(
  withinMs: number,
  ask: (signal: AbortSignal) => Promise<T>,
  late = (): Error => new TooLate(`no answer within ${withinMs} ms`),
): Promise<T> {
  const over = new AbortController();
  const tooLate = delay(withinMs, undefined, { signal: over.signal, ref: false }).then(() => {
    throw late();
  });
  tooLate.catch(() => undefined);
  try {
    return await Promise.race([ask(over.signal), tooLate]);
  } finally {
    over.abort();
  }
}

class TooLate extends Error {
  override readonly name = 'TooLate';
}

/** A message may name hosts, users and what they sent; a code does not. */
function reasonOf(error: unknown): string {
  if (error instanceof TooLate) return error.message;
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  if (typeof error !== 'object' || error === null) return 'failed';
  const code = 'code' in error ? error.code : undefined;
  if (typeof code === 'string') return code;
  const name = error instanceof Error ? error.name : 'Error';
  return typeof code === 'number' ? `${name} ${code}` : name;
}
