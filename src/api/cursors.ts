import { z } from 'zod';
import { unkeptIn } from '../contracts/kept';
import { Problem } from './problem';

/** A cursor: what a page ended with, as nobody should read it. */
export interface CursorOf<T> {
  readonly write: (place: T) => string;
  /** Throws {@link Problem} 400 on what no page of this list ever handed out. */
  readonly read: (text: string | undefined) => T | null;
}

/** Cursors of one kind of list: another list's are refused. */
export function cursorsOf<T>(kind: string, schema: z.ZodType<T>): CursorOf<T> {
  const whole = z.tuple([z.literal(kind), schema]);
  return {
    write: (place) => Buffer.from(JSON.stringify([kind, place])).toString('base64url'),
    read: (text) => {
      if (text === undefined) return null;
      const value = jsonOf(text);
      const parsed = whole.safeParse(value);
      if (parsed.success && unkeptIn(value) === null) return parsed.data[1];
      const message = 'is no cursor of this list; use the nextCursor that a page ended with';
      throw new Problem('malformed', `query: cursor ${message}`, {
        errors: [{ in: 'query', path: 'cursor', message }],
      });
    },
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown;
  } catch {
    return null;
  }
}

/** The first `limit` rows of `limit + 1`, and whether there are more: how every list is cut. */
export function cut<T>(
  found: readonly T[],
  limit: number,
): { readonly page: readonly T[]; readonly last: T | null } {
  const page = found.slice(0, limit);
  return { page, last: found.length > limit ? (page.at(-1) ?? null) : null };
}

/** Whole numbers as a place: sequence numbers, periods, grants. */
export const NUMBER_PLACE = z.int().min(Number.MIN_SAFE_INTEGER).max(Number.MAX_SAFE_INTEGER);
/** The same where the database keeps it in four bytes: more it takes for no number at all. */
export const SMALL_PLACE = z.int32();
