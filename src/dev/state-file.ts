import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { isAlive } from './alive';
import { cacheDir } from './cache';

const stateSchema = z.object({
  pid: z.int().positive(),
  temporalAddress: z.string(),
  namespace: z.string(),
  databaseUrl: z.string(),
  uiUrl: z.string().nullable(),
  /** The API, and the page; null where the stack has none. */
  apiUrl: z.string().nullable().default(null),
});

/** Where a running `flow-credits dev` can be reached. */
export type DevStackState = z.infer<typeof stateSchema>;

const folder = (): string => join(cacheDir(), 'dev-stacks');

/** Tells other terminals of this user where the stack is. Gives the function that takes it back. */
export function announceDevStack(
  { temporalAddress, namespace, databaseUrl, uiUrl }: Omit<DevStackState, 'pid' | 'apiUrl'>,
  apiUrl: string | null = null,
): () => void {
  const state = { temporalAddress, namespace, databaseUrl, uiUrl, apiUrl };
  mkdirSync(folder(), { recursive: true, mode: 0o700 });
  const path = join(folder(), `${String(process.pid)}.json`);
  writeFileSync(path, JSON.stringify({ ...state, pid: process.pid }), { mode: 0o600 });
  return () => {
    rmSync(path, { force: true });
  };
}

/** The running dev stack that was started last, or null. Files of stacks that died are removed. */
export function findDevStack(): DevStackState | null {
  const found = list().flatMap((name) => {
    const path = join(folder(), name);
    try {
      const state = stateSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
      if (isAlive(state.pid)) return [{ state, at: statSync(path).mtimeMs }];
      rmSync(path, { force: true });
    } catch {
      // Half written, or gone since it was listed.
    }
    return [];
  });
  return found.sort((a, b) => b.at - a.at)[0]?.state ?? null;
}

/**
 * The environment a command of this user works in: what is set, and for what is not, the running dev stack.
 * So `flow-credits run` in a second terminal needs no variables.
 */
export function environment(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const hasTemporal = NAME_A_CLUSTER.some((name) => env[name]);
  if (hasTemporal && env['DATABASE_URL']) return env;
  const stack = findDevStack();
  if (stack === null) return env;
  return {
    ...env,
    ...(hasTemporal ? {} : { TEMPORAL_ADDRESS: stack.temporalAddress, TEMPORAL_NAMESPACE: stack.namespace }),
    ...(env['DATABASE_URL'] ? {} : { DATABASE_URL: stack.databaseUrl }),
  };
}

/** Any of them says which Temporal is meant. */
const NAME_A_CLUSTER = ['TEMPORAL_ADDRESS', 'TEMPORAL_PROFILE', 'TEMPORAL_CONFIG_FILE'] as const;

function list(): string[] {
  try {
    return readdirSync(folder()).filter((name) => name.endsWith('.json'));
  } catch {
    return [];
  }
}
