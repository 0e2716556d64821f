import { z } from 'zod';
import { type Json } from './json';
import { isKept } from './kept';

export const jsonSchema: z.ZodType<Json, Json> = z.lazy(() =>
  z.union([
    z.null(),
    z.boolean(),
    z.number(),
    z.string(),
    z.array(jsonSchema),
    z.record(z.string(), jsonSchema),
  ]),
);

/** Ids name a block in charges and histories; no `/`, `[` or `]`, which separate the parts of a block's key. */
export const blockIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9_.-]{1,64}$/, 'must be 1 to 64 letters, digits, "_", "." or "-"');

export const blockSchema = z.strictObject({
  id: blockIdSchema,
  type: z.string().min(1),
  config: z.record(z.string(), jsonSchema).default({}),
});
/** A block of a flow. */
export type Block = z.infer<typeof blockSchema>;

export const connectionSchema = z.strictObject({
  from: blockIdSchema,
  /** The sender's port; a block without ports delivers on `out`. `error` receives a block's failure. */
  port: z.string().min(1).optional(),
  to: blockIdSchema,
});
export type Connection = z.infer<typeof connectionSchema>;

/** A flow as a platform sends it. Its shape only: `validateFlow` checks what it means. */
export const flowSchema = z.strictObject({
  name: z.string().min(1).max(200).refine(isKept, 'must have no NUL character, which is not kept'),
  blocks: z.array(blockSchema).min(1).max(1000),
  connections: z.array(connectionSchema).max(5000).default([]),
});
/** A flow, parsed: what is left out has its default. */
export type Flow = z.infer<typeof flowSchema>;
/** A flow as people write it. */
export type FlowInput = z.input<typeof flowSchema>;

/** What is wrong with a flow or a file, and where: `{path: 'blocks[2].config.url', message: '…'}`. */
export interface Fault {
  readonly path: string;
  readonly message: string;
}
