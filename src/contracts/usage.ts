import { z } from 'zod';

/** A money amount as an exact decimal in text; never a JSON number, which would be a float. */
const DECIMAL_TEXT =
  'must be a decimal number in text, such as "0.0123"; never negative, never a JSON number';
/** A money amount as an exact decimal in text; never a JSON number, which would be a float. */
export const decimalTextSchema = z
  .string({ error: DECIMAL_TEXT })
  .max(100, 'must have at most 100 characters')
  .regex(/^\d+(\.\d+)?$/, DECIMAL_TEXT);

const count = z.int().nonnegative();

/** Calls of one model within one block run. Tokens are for rate card rows that price by tokens. */
export const modelCallsSchema = z.strictObject({
  model: z.string().min(1),
  calls: count,
  inputTokens: count.optional(),
  outputTokens: count.optional(),
});

/** Calls of one tool of one external MCP server within one block run. */
export const mcpToolCallsSchema = z.strictObject({
  server: z.string().min(1),
  tool: z.string().min(1),
  calls: count,
});

/**
 * What a block (or an activity) demonstrably used. All of it is optional: a fixed-price block needs none.
 * `units` counts whatever a platform's own row prices by the piece.
 */
export const usageSchema = z.strictObject({
  modelCalls: z.array(modelCallsSchema).optional(),
  mcpTools: z.array(mcpToolCallsSchema).optional(),
  model: z.string().min(1).optional(),
  costUsd: decimalTextSchema.optional(),
  units: count.optional(),
});
/** What a block or an activity used: units, model calls, tools, or what a provider charged. */
export type Usage = z.infer<typeof usageSchema>;
