import { Webhook as Signer } from 'standardwebhooks';

/** What the webhook's settings must be, and when a failed attempt is repeated. */

/** Throws an `Error` that names no more of the address than its origin: what follows may hold a key. */
export function checkedUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new Error('the webhook’s address is no address: it must begin with "https://" (or "http://")');
  }
  if (url.username !== '' || url.password !== '') {
    throw new Error(
      `the webhook’s address at ${url.host} holds a user or a password: leave them out, the signature proves who sends`,
    );
  }
  return url;
}

const SECRET = /^whsec_([A-Za-z0-9+/]+={0,2})$/;
/** As the specification has it. */
const KEY_BYTES = { least: 24, most: 64 } as const;

/** One signer for each secret. Throws an `Error` that says which one is wrong and does not show it. */
export function signersOf(secrets: readonly string[]): readonly Signer[] {
  if (secrets.length === 0) {
    throw new Error(
      'the webhook has no secret to sign with: make one by "echo whsec_$(openssl rand -base64 32)"',
    );
  }
  return secrets.map((secret, index) => {
    const [, key = ''] = SECRET.exec(secret) ?? [];
    const bytes = Buffer.from(key, 'base64').length;
    if (bytes < KEY_BYTES.least || bytes > KEY_BYTES.most) {
      throw new Error(
        `the webhook’s secret ${index + 1} of ${secrets.length} is none: it must be "whsec_" and ${KEY_BYTES.least} to ` +
          `${KEY_BYTES.most} bytes in base64; make one by "echo whsec_$(openssl rand -base64 32)"`,
      );
    }
    return new Signer(secret);
  });
}

const DEFAULT_ATTEMPTS = 15;
const DEFAULT_FIRST_PAUSE_MS = 5_000;
const DEFAULT_LONGEST_PAUSE_MS = 12 * 3_600_000;
const FACTOR = 3;
/** A pause is this much shorter or longer by chance, so that what failed together does not come back together. */
const JITTER = 0.2;
/** However long an endpoint asks for: what it asks must not outlast whoever looks into it. */
const LONGEST_RETRY_AFTER_MS = 24 * 3_600_000;

export interface RetryRule {
  readonly attempts?: number;
  readonly firstPauseMs?: number;
  readonly longestPauseMs?: number;
}

/** How long to wait after the `attempt`th attempt, counted from 1; null: that was the last. `chance` is in [0, 1). */
export function pauseAfter(attempt: number, rule: RetryRule, chance: number): number | null {
  const {
    attempts = DEFAULT_ATTEMPTS,
    firstPauseMs = DEFAULT_FIRST_PAUSE_MS,
    longestPauseMs = DEFAULT_LONGEST_PAUSE_MS,
  } = rule;
  if (attempt >= attempts) return null;
  const pause = Math.min(longestPauseMs, firstPauseMs * FACTOR ** (attempt - 1));
  return Math.round(pause * (1 - JITTER + 2 * JITTER * chance));
}

/** The header as a pause: `120` seconds, or a date. Null where it is neither. */
export function retryAfterMs(header: string, now: number): number | null {
  const text = header.trim();
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isNaN(ms) ? null : Math.min(LONGEST_RETRY_AFTER_MS, Math.max(0, ms));
}
