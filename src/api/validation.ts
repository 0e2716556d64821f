import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { type z } from 'zod';
import { faultsOf } from '../contracts/faults';
import { Problem, type FaultIn } from './problem';

const PART: Readonly<Record<string, FaultIn>> = {
  body: 'body',
  querystring: 'query',
  params: 'path',
  headers: 'header',
};

/** Deeper than any flow or input needs, and shallow enough for everything that walks one. */
const DEPTH_MOST = 100;

/** Requests are held to their schemas: what is wrong is told with its path, all of it at once. */
export function validateByZod(app: FastifyInstance): void {
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
    const fault = faultIn(value);
    if (fault !== null) return malformed(part, [fault]);
  }
  return null;
}

/** Walks without recursion: what comes in may nest as deep as it likes. */
function faultIn(root: unknown): { readonly path: string; readonly message: string } | null {
  const open: { readonly value: unknown; readonly path: string; readonly depth: number }[] = [
    { value: root, path: '', depth: 0 },
  ];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, path, depth } = next;
    if (typeof value === 'string') {
      if (value.includes('\0')) return { path, message: 'has a NUL character, which is not kept' };
      continue;
    }
    if (typeof value !== 'object' || value === null) continue;
    if (depth >= DEPTH_MOST) return { path, message: `nests more than ${DEPTH_MOST} deep; flatten it` };
    if (Array.isArray(value)) {
      value.forEach((member: unknown, index) =>
        open.push({ value: member, path: `${path}[${index}]`, depth: depth + 1 }),
      );
      continue;
    }
    for (const [key, member] of Object.entries(value)) {
      const name = path === '' ? key : `${path}.${key}`;
      if (key.includes('\0')) return { path: name, message: 'has a NUL character, which is not kept' };
      open.push({ value: member, path: name, depth: depth + 1 });
    }
  }
  return null;
}
