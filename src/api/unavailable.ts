import { Problem } from './problem';

const RETRY_AFTER_SECONDS = '5';

export function unavailable(what: string, cause?: unknown): Problem {
  return new Problem(
    'unavailable',
    `${what}; try again, with the same Idempotency-Key where it changes something`,
    {
      headers: { 'retry-after': RETRY_AFTER_SECONDS },
      cause,
    },
  );
}
