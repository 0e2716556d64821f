import { z } from 'zod';
import { documented } from './registry';

export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string(),
    requestId: z.string(),
    reason: z.string().optional(),
    errors: z
      .array(
        z.object({
          in: z.enum(['body', 'query', 'path', 'header']),
          path: z.string(),
          message: z.string(),
        }),
      )
      .optional(),
  })
  .register(documented, {
    id: 'Problem',
    description:
      'RFC 9457. `type` tells problems apart and stays; `detail` is for people; `reason` is the ledger’s word for a ' +
      'refusal; `errors` name what is wrong and where, `blocks[2].config.url`; `requestId` finds it in the logs.',
    examples: [
      {
        type: 'urn:flow-credits:problem:malformed',
        title: 'The request is malformed',
        status: 400,
        detail: 'query: limit must be at most 500; it is "1000"',
        instance: '/v1/teams/acme/runs',
        requestId: '0b6f8c1e-5c0e-4a55-9f0e-1d9a1a1f3c11',
        errors: [{ in: 'query', path: 'limit', message: 'must be at most 500; it is "1000"' }],
      },
    ],
  });
export type ProblemBody = z.infer<typeof problemSchema>;

const ofProblem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: problemSchema } },
});

/** How each status that is no success is answered. */
export const PROBLEM_ANSWERS = {
  400: ofProblem('Malformed; `errors` says what, and where.'),
  401: ofProblem('No token, or one that does not count.'),
  403: ofProblem('The role does not allow it.'),
  404: ofProblem('Unknown; also a team that is not yours.'),
  409: ofProblem('The idempotency key was used with another payload, or what is there forbids it.'),
  413: ofProblem('The body is too large.'),
  415: ofProblem('The body is not JSON.'),
  422: ofProblem(
    'Refused: `reason` and `detail` say why, `errors` where it can be placed. Nothing was changed.',
  ),
  429: ofProblem('Too many; `Retry-After` says when to come again.'),
  500: ofProblem('Unexpected.'),
  503: ofProblem('Postgres or Temporal does not answer; `Retry-After` says when to come again.'),
} as const;
