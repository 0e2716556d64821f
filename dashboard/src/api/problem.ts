/** What the API answers where it refuses or fails: `application/problem+json`. */
export interface ProblemBody {
  readonly type?: string;
  readonly title?: string;
  readonly status?: number;
  readonly detail?: string;
  readonly requestId?: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';

  constructor(
    readonly status: number,
    readonly body: ProblemBody,
  ) {
    super(body.detail ?? body.title ?? `The API answered ${String(status)}.`);
  }
}

/** Nothing answered: the network, or the server, is away. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';

  constructor(cause: unknown) {
    super('The API does not answer.', { cause });
  }
}

/** Something behind the address does not answer: a gateway says so, or the API of its servers. */
function isAway(error: unknown): boolean {
  return error instanceof ApiProblem && [502, 503, 504].includes(error.status);
}

/** Whether the same call may well succeed in a moment. */
export function isPassing(error: unknown): boolean {
  return (
    error instanceof Unreachable || isAway(error) || (error instanceof ApiProblem && error.status === 429)
  );
}

/** What an error says, as a sentence: problems of the API begin small and end without a full stop. */
export function messageOf(error: unknown): string {
  return sentence(error instanceof Error ? error.message : String(error));
}

/** Of something that was told to be done: whether it may have been, and the way out. */
export function commandMessage(error: unknown): string {
  if (error instanceof Unreachable)
    return 'The server does not answer. Check your connection and try again: what was done already is not done twice.';
  if (isAway(error))
    return 'The service could not carry it out in time. Try again in a moment: if it was done after all, it is not done twice.';
  return messageOf(error);
}

function sentence(text: string): string {
  const said = text.trim();
  return said.slice(0, 1).toUpperCase() + said.slice(1) + (/[.!?…]$/.test(said) ? '' : '.');
}
