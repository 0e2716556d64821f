import { readFileSync } from 'node:fs';
import { type z } from 'zod';
import { messageOf } from '../../contracts/error-text';

/**
 * Reads settings of the platform from a JSON file, or from JSON itself (text that begins with `{`): what an environment
 * variable holds. Nothing is an empty object. Throws an `Error` that names the variable or the file, and the field.
 */
export function loadSettings<T>(
  schema: z.ZodType<T>,
  variable: string,
  what: string,
  fileOrJson: string | undefined,
): T {
  const text = fileOrJson?.trim() ?? '';
  const inline = text === '' || text.startsWith('{');
  const source = inline ? variable : `${what} file "${text}"`;
  let content: unknown;
  try {
    content = JSON.parse(text === '' ? '{}' : inline ? text : readFileSync(text, 'utf8'));
  } catch (error) {
    throw new Error(`${source} cannot be read: ${messageOf(error)}`, {
      cause: error,
    });
  }
  const parsed = schema.safeParse(content);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(`${source}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? 'is wrong'}`);
}
