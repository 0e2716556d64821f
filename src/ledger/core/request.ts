import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type Json } from '../../contracts/json';
import { parseMillicredits, type Millicredits } from '../../contracts/millicredits';
import { type Draft } from './draft';
import { type CommandOperation, type Refused } from './operations';
import { refused } from './refusals';

/**
 * Does a command once per request id. The same payload again gets the recorded answer; another payload under the same
 * id is a conflict. A refusal changed nothing and is not recorded: the same request may succeed later.
 */
export function once<T extends { readonly status: string }>(
  draft: Draft,
  op: CommandOperation,
  answer: z.ZodType<T>,
  act: () => T | Refused,
): T | Refused {
  const payloadHash = hashOf(op);
  const known = draft.requests.get(op.requestId);
  if (known !== undefined) {
    if (known.payloadHash === payloadHash) return answer.parse(known.result);
    return refused(
      'request-conflict',
      `team "${op.team}": request "${op.requestId}" was already used with another payload; use a new request id`,
    );
  }
  const result = act();
  if (!isRefused(result)) {
    draft.requests.set(op.requestId, { requestId: op.requestId, payloadHash, result: toJson(result) });
  }
  return result;
}

export function isRefused(result: object): result is Refused {
  return 'status' in result && result.status === 'refused';
}

/** Of everything but the request id, independent of the order of keys. */
export function hashOf(op: CommandOperation): string {
  const { requestId: _id, ...payload } = op;
  return createHash('sha256')
    .update(JSON.stringify(toJson(payload)))
    .digest('hex');
}

/** JSON with sorted keys; a bigint is its decimal text. */
function toJson(value: unknown): Json {
  if (typeof value === 'bigint') return value.toString();
  if (
    value === null ||
    typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'boolean'
  ) {
    return value;
  }
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== 'object') throw new TypeError(`a ${typeof value} cannot be recorded`);
  const json: Record<string, Json> = {};
  for (const [key, one] of Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (one !== undefined) json[key] = toJson(one);
  }
  return json;
}

const amount: z.ZodType<Millicredits> = z
  .string()
  .regex(/^-?\d+$/)
  .transform((text) => parseMillicredits(text));
const source = z.union([
  z.literal('payg'),
  z.literal('overdraft'),
  z.templateLiteral(['grant:', z.int().positive()]),
]);

/** How recorded answers read again. */
export const ANSWERS = {
  upsertTeam: z.object({ status: z.enum(['created', 'updated', 'unchanged']) }),
  setPayg: z.object({ status: z.literal('done'), enabled: z.boolean(), stillCharged: amount }),
  changePlan: z.object({
    status: z.literal('done'),
    counts: z.enum(['now', 'next-reset']),
    granted: amount,
  }),
  addCredits: z.object({ status: z.literal('done'), grant: z.int() }),
  voidPack: z.object({ status: z.literal('done'), amount }),
  adjustCredits: z.object({ status: z.literal('done'), amount }),
  reverseCharge: z.object({
    status: z.literal('reversed'),
    amount,
    parts: z.array(z.object({ source, amount })),
  }),
  reverseRun: z.object({ status: z.literal('reversed'), amount, charges: z.int() }),
  discardWaiting: z.object({ status: z.literal('done'), discarded: z.int(), more: z.boolean() }),
  setTeamStatus: z.object({ status: z.literal('done') }),
} as const;
