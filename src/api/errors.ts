import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { show } from '../contracts/faults';
import { serverAway } from '../contracts/server-away';
import { Problem, problemType, type ProblemSlug } from './problem';
import { type ProblemBody } from './schemas/problem';
import { unavailable } from './unavailable';

/** Fastify's own refusals, by status: what they say names nothing of the inside. */
const OF_FASTIFY: Readonly<Record<number, ProblemSlug>> = {
  400: 'malformed',
  404: 'not-found',
  413: 'too-large',
  414: 'malformed',
  415: 'unsupported-media-type',
  429: 'too-many',
};

/** Whatever was thrown, as the problem that goes out. Only a {@link Problem} and Fastify's refusals keep their text. */
export function problemFrom(error: unknown, request: FastifyRequest): Problem {
  if (error instanceof Problem) return error;
  // Before anybody takes the end of its connection for the database's.
  if (request.raw.readableAborted) {
    return new Problem('malformed', 'the caller went before its request was there as a whole', {
      cause: error,
    });
  }
  const away = serverAway(error);
  if (away !== null) return unavailable(`${away} does not answer`, error);
  if (error instanceof Error && 'code' in error && String(error.code).startsWith('FST_ERR')) {
    const status = 'statusCode' in error ? Number(error.statusCode) : 500;
    const slug = OF_FASTIFY[status];
    if (slug !== undefined) return new Problem(slug, wayOut(slug, error, request), { cause: error });
  }
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
  const slug = OF_FASTIFY[status];
  if (slug !== undefined) return new Problem(slug, 'the request cannot be read', { cause: error });
  return new Problem('unexpected', 'the request was not answered; its id finds it in the logs', {
    cause: error,
  });
}

/** What Fastify refuses with too few words, with the value and what to do. */
function wayOut(slug: ProblemSlug, { message }: Error, { headers, routeOptions }: FastifyRequest): string {
  if (slug === 'too-large') {
    return `the body has more than ${routeOptions.bodyLimit} bytes, the most that this address takes`;
  }
  if (slug === 'unsupported-media-type') {
    return `content-type is ${show(headers['content-type'])}; it must be "application/json"`;
  }
  return message;
}

export async function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  problem: Problem,
): Promise<FastifyReply> {
  const { slug, status, title, detail, options } = problem;
  const body: ProblemBody = {
    type: problemType(slug),
    title,
    status,
    detail,
    instance: request.url.split('?', 1)[0] ?? '',
    requestId: request.id,
    ...(options.reason === undefined ? {} : { reason: options.reason }),
    ...(options.errors === undefined ? {} : { errors: [...options.errors] }),
  };
  // Not by the route's serializer: a problem goes out whatever the route foresaw.
  return reply
    .code(status)
    .headers({ 'x-request-id': request.id, ...options.headers })
    .type('application/problem+json')
    .serializer((payload: unknown) => JSON.stringify(payload))
    .send(body);
}

/** Every error is a problem: thrown ones, refused requests, routes that do not exist. */
export function answerWithProblems(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => {
    const problem = problemFrom(error, request);
    if (problem.status >= 500) request.log.error({ err: error }, problem.detail);
    return sendProblem(request, reply, problem);
  });
  app.setNotFoundHandler((request, reply) =>
    sendProblem(
      request,
      reply,
      new Problem('not-found', `there is no ${request.method} ${request.url.split('?', 1)[0] ?? ''}`),
    ),
  );
}
