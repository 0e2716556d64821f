import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { type z } from 'zod';
import { faultsOf, show } from '../contracts/faults';
import { unkeptIn } from '../contracts/kept';
import { Problem, type FaultIn } from './problem';

const PART: Readonly<Record<string, FaultIn>> = {
  body: 'body',
  querystring: 'query',
  params: 'path',
  headers: 'header',
};

/** Requests are held to their schemas: what is wrong is told with its path, all of it at once. Bodies are JSON. */
export function validateByZod(app: FastifyInstance): void {
  app.removeContentTypeParser('text/plain');
  app.addHook('preParsing', ({ headers }, _reply, _body, done) => {
    const coding = headers['content-encoding'] ?? 'identity';
    if (coding.toLowerCase() === 'identity') {
      done();
      return;
    }
    throw new Problem(
      'unsupported-media-type',
      `content-encoding is ${show(coding)}; send the body as it is`,
      {
        headers: { 'accept-encoding': 'identity' },
      },
    );
  });
  app.setValidatorCompiler<z.ZodType>(({ schema, httpPart }) => (data: unknown) => {
    const part = PART[httpPart ?? 'body'] ?? 'body';
    const parsed = schema.safeParse(data);
    return parsed.success ? { value: parsed.data } : { error: malformed(part, faultsOf(parsed.error, data)) };
  });
  app.addHook('preValidation', (request, _reply, done) => {
    const fault = unreadable(request);
    done(fault ?? undefined);
  });
}

export function malformed(
  part: FaultIn,
  faults: readonly { readonly path: string; readonly message: string }[],
): Problem {
  const [first] = faults;
  const what = first === undefined ? 'is malformed' : `${first.path} ${first.message}`.trim();
  return new Problem('malformed', `${part}: ${what}`, {
    errors: faults.map(({ path, message }) => ({ in: part, path, message })),
  });
}

/** What no schema is asked about: text that Postgres cannot keep, and nesting that has no end. */
function unreadable({ body, query, params }: FastifyRequest): Problem | null {
  const parts: readonly [FaultIn, unknown][] = [
    ['path', params],
    ['query', query],
    ['body', body],
  ];
  for (const [part, value] of parts) {
    const fault = unkeptIn(value);
    if (fault !== null) return malformed(part, [fault]);
  }
  return null;
}
