import { BlockError } from './errors';
import { type Redactor } from './redact';

/** A failure without the secrets that are known: of an error nothing but the message goes further. */
export function errorWithoutSecrets(error: unknown, redactor: Redactor): unknown {
  if (!(error instanceof Error) || !redactor.finds(error.message)) return error;
  const message = redactor.text(error.message);
  if (!(error instanceof BlockError)) return new Error(message);
  const { type, retryable, usage, retryAfterMs } = error;
  return new BlockError(type, message, {
    retryable,
    ...(usage === null ? {} : { usage }),
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
  });
}
