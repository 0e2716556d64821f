import { EVENT_KINDS, type EventKind } from '../ledger';
import { type WebhookOptions } from './webhook';
import { checkedUrl, signersOf } from './webhook-rules';

/** What becomes of events, as a platform says it to its worker. */
export interface EventSettings {
  /** Left out: nothing is delivered; events are a feed to be read. */
  readonly webhook?: WebhookOptions;
  /** Events that are done with are deleted after so many days. Default 30. */
  readonly keepDays?: number;
}

/**
 * Reads `FLOW_CREDITS_WEBHOOK_URL`, `FLOW_CREDITS_WEBHOOK_SECRET` (several separated by blanks: each signs),
 * `FLOW_CREDITS_WEBHOOK_EVENTS` (kinds, separated by commas), `FLOW_CREDITS_WEBHOOK_ATTEMPTS` and
 * `FLOW_CREDITS_EVENTS_KEEP_DAYS`. Throws an `Error` that names the variable and shows no secret.
 */
export function eventSettingsFrom(env: Readonly<Record<string, string | undefined>>): EventSettings {
  const keepDays = wholeNumber(env, 'FLOW_CREDITS_EVENTS_KEEP_DAYS');
  const webhook = webhookFrom(env);
  return {
    ...(webhook === null ? {} : { webhook }),
    ...(keepDays === null ? {} : { keepDays }),
  };
}

function webhookFrom(env: Readonly<Record<string, string | undefined>>): WebhookOptions | null {
  const url = env['FLOW_CREDITS_WEBHOOK_URL']?.trim() ?? '';
  const secrets = (env['FLOW_CREDITS_WEBHOOK_SECRET'] ?? '').split(/\s+/).filter((text) => text !== '');
  if (url === '') {
    if (secrets.length === 0) return null;
    throw new Error(
      'FLOW_CREDITS_WEBHOOK_SECRET is set and FLOW_CREDITS_WEBHOOK_URL is not: set both, or neither',
    );
  }
  if (secrets.length === 0) {
    throw new Error(
      'FLOW_CREDITS_WEBHOOK_URL is set and FLOW_CREDITS_WEBHOOK_SECRET is not: make one by "echo whsec_$(openssl rand -base64 32)"',
    );
  }
  // What is wrong is found before a worker waits for anything.
  checkedUrl(url);
  signersOf(secrets);
  const kinds = kindsFrom(env['FLOW_CREDITS_WEBHOOK_EVENTS']);
  const attempts = wholeNumber(env, 'FLOW_CREDITS_WEBHOOK_ATTEMPTS');
  return {
    url,
    secrets,
    ...(kinds === null ? {} : { kinds }),
    ...(attempts === null ? {} : { attempts }),
  };
}

function kindsFrom(text = ''): readonly EventKind[] | null {
  const words = text.split(/[\s,]+/).filter((word) => word !== '');
  if (words.length === 0) return null;
  return words.map((word) => {
    const kind = EVENT_KINDS.find((known) => known === word);
    if (kind !== undefined) return kind;
    throw new Error(`FLOW_CREDITS_WEBHOOK_EVENTS "${word}": must be of ${EVENT_KINDS.join(', ')}`);
  });
}

function wholeNumber(env: Readonly<Record<string, string | undefined>>, name: string): number | null {
  const text = env[name]?.trim() ?? '';
  if (text === '') return null;
  if (!/^[1-9]\d{0,4}$/.test(text))
    throw new Error(`${name} "${text}": must be a whole number from 1 to 99999`);
  return Number(text);
}
