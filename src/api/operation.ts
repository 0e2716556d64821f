import { type FastifyBaseLogger, type FastifyInstance, type RawServerDefault } from 'fastify';
import { type ZodTypeProvider } from 'fastify-type-provider-zod';
import { type IncomingMessage, type ServerResponse } from 'node:http';
import { z } from 'zod';
import { type Operation } from './access';
import { PROBLEM_ANSWERS } from './schemas/problem';

/** Fastify as our routes see it: what a schema says is what the types are. */
export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** The groups of the document. */
export const TAGS = {
  me: 'Who asks',
  teams: 'What a team has, used and may still use',
  usage: 'What was used, by what',
  runs: 'Runs, each charge explained; starting and ending them',
  line: 'Who waits for credits, and why',
  money: 'Pay-as-you-go, packs, plans, adjustments, statements',
  feed: 'What happened, and who did what',
  prices: 'Plans, rate cards, estimates',
} as const;
export type Tag = keyof typeof TAGS;

interface Told {
  readonly tag: Tag;
  readonly summary: string;
  readonly description: string;
}

type ProblemStatus = keyof typeof PROBLEM_ANSWERS;
const ALWAYS = [400, 401, 403, 404, 500, 503] as const satisfies readonly ProblemStatus[];
const OF_COMMANDS = [409, 413, 415, 422] as const satisfies readonly ProblemStatus[];

type Problems = { readonly [Status in (typeof ALWAYS)[number]]: (typeof PROBLEM_ANSWERS)[Status] };
type CommandProblems = {
  readonly [Status in (typeof OF_COMMANDS)[number]]: (typeof PROBLEM_ANSWERS)[Status];
};

export interface Shape {
  readonly params?: z.ZodType;
  readonly querystring?: z.ZodType;
  readonly headers?: z.ZodType;
  readonly body?: z.ZodType;
  readonly response: Readonly<Record<number, unknown>>;
}

const NO_PARAMETERS = z.strictObject({});

function declared(name: Operation, { tag, summary, description }: Told) {
  return {
    operationId: name,
    tags: [tag],
    summary,
    description,
    security: [{ bearer: [] }],
    // Of routes without parameters: one that nobody knows is a mistake there, too.
    querystring: NO_PARAMETERS,
  };
}

function answers<Status extends ProblemStatus>(
  statuses: readonly Status[],
): { readonly [S in Status]: (typeof PROBLEM_ANSWERS)[S] } {
  const found = statuses.map((status) => [status, PROBLEM_ANSWERS[status]]);
  return Object.fromEntries(found) as { readonly [S in Status]: (typeof PROBLEM_ANSWERS)[S] };
}

const READ_PROBLEMS: Problems = answers(ALWAYS);
const COMMAND_PROBLEMS: Problems & CommandProblems = answers([...ALWAYS, ...OF_COMMANDS]);

/** A route that reads: its place in the document, who may, and how what goes wrong is answered. */
export function reads<const S extends Shape>(name: Operation, told: Told, shape: S) {
  return {
    config: { operation: name },
    schema: { ...declared(name, told), ...shape, response: { ...READ_PROBLEMS, ...shape.response } },
  };
}

/** A route with a body that is looked at and changes nothing, or a command. */
export function commands<const S extends Shape>(name: Operation, told: Told, shape: S) {
  return {
    config: { operation: name },
    schema: { ...declared(name, told), ...shape, response: { ...COMMAND_PROBLEMS, ...shape.response } },
  };
}
