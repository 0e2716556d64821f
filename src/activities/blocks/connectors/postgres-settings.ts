import { z } from 'zod';

/** The largest result a block may deliver with some room for what is around its rows. */
const RESULT_MOST_BYTES = 448 * 1024;

/** A connection to Postgres that the platform names for its flows. */
export const postgresSettingsSchema = z.strictObject({
  kind: z.literal('postgres'),
  description: z.string().min(1).optional(),
  /** A connection string, by `{{secret:NAME}}`: it holds a password. */
  connection: z
    .string()
    .regex(
      /\{\{\s*secret\s*:/,
      'must name a secret, "{{secret:NAME}}": a connection string holds a password',
    ),
  /** `read`: every transaction is read-only. */
  access: z.enum(['read', 'write']).default('read'),
  /** A statement is ended after so long; sooner, where the block's `timeoutSeconds` is. */
  statementTimeoutSeconds: z.number().positive().max(300).default(30),
  /** A result that is larger is a failure of the block. */
  mostRows: z.int().min(1).max(100_000).default(1000),
  mostBytes: z.int().min(1).max(RESULT_MOST_BYTES).default(RESULT_MOST_BYTES),
  /** How many connections one worker has open at a time. */
  connections: z.int().min(1).max(100).default(10),
});
export type PostgresSettings = z.infer<typeof postgresSettingsSchema>;
/** The databases that flows may ask, and how. */
export type PostgresSettingsInput = z.input<typeof postgresSettingsSchema>;
