import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { BlockError } from './errors';
import { type Redactor } from './redact';
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

/** A secret that is shorter cannot be told from other text, and so not be kept out of results. */
const SECRET_LEAST_CHARACTERS = 6;
/** What is longer is no secret, and takes too long to look for. */
const SECRET_MOST_CHARACTERS = 16_384;

/** The secrets of one block run: what is asked for is noted, so that it can be kept out of all that leaves the block. */
export function notedSecrets(store: SecretStore, redactor: Redactor): SecretStore {
  return {
    get: async (team, name) => {
      const value = await ask(store, team, name);
      if (value === null) return null;
      if (value.length < SECRET_LEAST_CHARACTERS || value.length > SECRET_MOST_CHARACTERS) {
        throw new BlockError(
          'SecretUnusable',
          value.length < SECRET_LEAST_CHARACTERS
            ? `secret "${name}" has fewer than ${SECRET_LEAST_CHARACTERS} characters, too few to be kept out of results; use a longer one`
            : `secret "${name}" has more than ${SECRET_MOST_CHARACTERS} characters; use a shorter one`,
        );
      }
      redactor.add(name, value);
      return value;
    },
  };
}

async function ask(store: SecretStore, team: string, name: string): Promise<string | null> {
  try {
    return await store.get(team, name);
  } catch (error) {
    if (error instanceof BlockError) throw error;
    // Whatever a store says may quote a secret: only that it failed is passed on.
    throw new BlockError('SecretUnusable', `the secret store gave no answer about "${name}"`, {
      retryable: true,
    });
  }
}
