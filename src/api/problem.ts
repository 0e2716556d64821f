import { type Fault } from '../contracts/flow';

/** What may go wrong, and how it is told (RFC 9457). Part of the wire: a slug never changes its meaning. */
export const PROBLEMS = {
  malformed: { status: 400, title: 'The request is malformed' },
  unauthorized: { status: 401, title: 'Who asks is not known' },
  forbidden: { status: 403, title: 'The role does not allow it' },
  'not-found': { status: 404, title: 'There is no such thing' },
  'method-not-allowed': { status: 405, title: 'The address does not have this method' },
  'too-slow': { status: 408, title: 'The request did not come in time' },
  conflict: { status: 409, title: 'It contradicts what is there' },
  'request-conflict': { status: 409, title: 'The idempotency key was used with another payload' },
  'too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'The body is of a type nobody reads' },
  refused: { status: 422, title: 'The ledger refuses it' },
  rejected: { status: 422, title: 'The run was rejected' },
  'bad-flow': { status: 422, title: 'The flow cannot be priced' },
  'too-many': { status: 429, title: 'Too many requests' },
  unexpected: { status: 500, title: 'Something unexpected happened' },
  unavailable: { status: 503, title: 'A part of the platform does not answer' },
} as const satisfies Record<string, { readonly status: number; readonly title: string }>;

/** What a problem is, at the end of its `type`. */
export type ProblemSlug = keyof typeof PROBLEMS;

/** Of which part of the request a fault is. */
export type FaultIn = 'body' | 'query' | 'path' | 'header';

/** What else a problem says. */
export interface ProblemOptions {
  readonly errors?: readonly (Fault & { readonly in: FaultIn })[];
  /** The ledger's word for a refusal: `not-on-plan`. */
  readonly reason?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** An answer that is no success. Its text goes out as it is: nothing of the inside belongs into it. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly title: string;

  constructor(
    readonly slug: ProblemSlug,
    readonly detail: string,
    readonly options: ProblemOptions = {},
  ) {
    super(detail, options.cause === undefined ? {} : { cause: options.cause });
    this.status = PROBLEMS[slug].status;
    this.title = PROBLEMS[slug].title;
  }
}

export function unknownTeam(team: string): Problem {
  return new Problem('not-found', `team "${team}" is unknown`);
}

/** `type` of a problem: a name, not an address. */
export function problemType(slug: ProblemSlug): string {
  return `urn:flow-credits:problem:${slug}`;
}
