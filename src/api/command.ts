import { randomUUID } from 'node:crypto';
import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type CommandRefused } from '../client';
import { FAILURE } from '../contracts/failures';
import { type Operation } from './access';
import { whoAsks } from './identity';
import { type ApiOptions, type CommandRecord } from './options';
import { Problem, type ProblemSlug } from './problem';
import { documented } from './schemas/registry';
import { temporalWithin } from './temporal-within';
import { unavailable } from './unavailable';

/** What a command is done under: who, and the key that makes it safe to repeat. */
export interface CommandIdentity {
  readonly actor: string;
  readonly requestId: string;
}

const KEY = 'idempotency-key';

export const commandHeaders = z.looseObject({
  [KEY]: z
    .string()
    .regex(/^[\x21-\x7e]{1,200}$/, 'must be 1 to 200 visible ASCII characters')
    .optional()
    .register(documented, {
      description:
        'Makes the command safe to repeat: done once, and the first answer again. The ledger’s request id. Left out: one ' +
        'is made up, and told in the answer.',
      examples: ['5f0c7d1a-3b1e-4b8e-9a55-0d6f6f3f8f11'],
    }),
});

/** What the answer of every command begins with. */
export const commandShape = {
  idempotencyKey: z.string().register(documented, {
    description: 'The key the command was done under: repeat it with this one.',
  }),
};

/** Who commands, always as the token says it, and under which key. Tells the key in the answer's header. */
export function commandIdentity(request: FastifyRequest, reply: FastifyReply): CommandIdentity {
  const given = request.headers[KEY];
  const requestId = typeof given === 'string' ? given : randomUUID();
  request.idempotencyKey = requestId;
  reply.header(KEY, requestId);
  return { actor: whoAsks(request).actor, requestId };
}

const DEFAULT_TIMEOUT_MS = 20_000;

/** Asks Temporal, and does not wait for ever: 503 then, and the command may be done all the same. */
export async function answered<T>(
  ask: () => Promise<T>,
  { client, commandTimeoutMs = DEFAULT_TIMEOUT_MS }: ApiOptions,
): Promise<T> {
  const late = (): Problem =>
    unavailable(`no worker has answered for ${commandTimeoutMs} ms; the command may still be done`);
  try {
    return await temporalWithin(client, commandTimeoutMs, ask, late);
  } catch (error) {
    // What the team's keeper says of a malformed command. What it could not carry out is a fault like any other.
    const cause = error instanceof Error && error.name === 'WorkflowUpdateFailedError' ? error.cause : null;
    if (cause instanceof Error && !('type' in cause && cause.type === FAILURE.commandFailed))
      throw new Problem('refused', cause.message, { reason: 'invalid', cause: error });
    throw error;
  }
}

const OF_REFUSALS: Readonly<Record<string, ProblemSlug>> = {
  'request-conflict': 'request-conflict',
  'unknown-team': 'not-found',
  'unknown-run': 'not-found',
  'unknown-pack': 'not-found',
};

/** The answer of a command that was done. Throws {@link Problem} where the ledger refused it: nothing was changed. */
export function done<T extends { readonly status: string }>(answer: T): Exclude<T, CommandRefused> {
  if (!isRefused(answer)) return answer as Exclude<T, CommandRefused>;
  const { reason, message } = answer;
  throw new Problem(OF_REFUSALS[reason] ?? 'refused', message, { reason });
}

function isRefused(answer: { readonly status: string }): answer is CommandRefused {
  return answer.status === 'refused';
}

/** Operations that change something: each leaves a record. */
export const COMMANDS: ReadonlySet<Operation> = new Set<Operation>([
  'startRun',
  'cancelRun',
  'discardRun',
  'discardLine',
  'setPayAsYouGo',
  'putTeam',
  'setTeamStatus',
  'changePlan',
  'buyPack',
  'voidPack',
  'adjustCredits',
  'reverseRun',
]);

/**
 * Tells of every command with its answer, also of those that were refused, and of those whose caller is gone by then.
 * Its line in the log is written whatever the level is: a level says how much is told of the server, not who did what.
 */
export function recordCommands(app: FastifyInstance, { onCommand }: ApiOptions): void {
  app.decorateRequest('idempotencyKey', null);
  // Where a hook after this one fails, its error is sent by way of here once more.
  const told = new WeakSet<FastifyRequest>();
  app.addHook('onSend', async (request, reply) => {
    const record = told.has(request) ? null : recordOf(request, reply.statusCode);
    if (record === null) return;
    told.add(request);
    if (onCommand === undefined) request.log.child({}, { level: 'info' }).info({ audit: record }, 'command');
    else onCommand(record);
  });
}

function recordOf(request: FastifyRequest, status: number): CommandRecord | null {
  const { identity, idempotencyKey } = request;
  const { operation } = request.routeOptions.config;
  if (identity === null || operation === undefined || !COMMANDS.has(operation)) return null;
  const { actor, role } = identity;
  const named = z.object({ team: z.string(), run: z.string().optional() }).safeParse(request.params);
  const { team = '', run = null } = named.success ? named.data : {};
  return { operation, actor, role, team, run, idempotencyKey, requestId: request.id, status };
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Of a command that was understood so far. */
    idempotencyKey: string | null;
  }
}
