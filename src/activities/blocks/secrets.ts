import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { BlockError } from './errors';
import { type SecretStore } from './types';

const fileSchema = z.record(z.string(), z.string());

/**
 * Secrets of the worker's environment: `FLOW_CREDITS_SECRET_<NAME>`, else the JSON file that
 * `FLOW_CREDITS_SECRETS_FILE` names (`{"NAME": "value"}`), read anew each time so that a rotated secret counts at once.
 * Every team sees them: a platform with secrets per team brings its own store.
 */
export class EnvironmentSecrets implements SecretStore {
  constructor(private readonly environment: Readonly<NodeJS.ProcessEnv> = process.env) {}

  async get(_team: string, name: string): Promise<string | null> {
    const own = this.environment[`FLOW_CREDITS_SECRET_${name}`];
    if (own !== undefined) return own;
    const file = this.environment['FLOW_CREDITS_SECRETS_FILE'];
    if (file === undefined || file === '') return null;
    const secrets = await readSecrets(file);
    return Object.hasOwn(secrets, name) ? (secrets[name] ?? null) : null;
  }
}

async function readSecrets(file: string): Promise<Record<string, string>> {
  try {
    return fileSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    // The cause may quote the file, and the file holds secrets.
    throw new BlockError(
      'SecretUnusable',
      'the file FLOW_CREDITS_SECRETS_FILE names cannot be read; it must be JSON, {"NAME": "value"}',
      { retryable: true },
    );
  }
}
