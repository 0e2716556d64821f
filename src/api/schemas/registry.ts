import { z } from 'zod';

/** What the document says of a schema. With an `id` it is a component, and others refer to it. */
export interface Described {
  readonly id?: string;
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly [key: string]: unknown;
}

/** Of the API alone: schemas of `contracts` stay as they are for everybody else. */
export const documented = z.registry<Described>();

/** A schema with a text of its own: the one it is made from keeps what is said of it. */
export function said<Schema extends z.ZodType>(
  schema: Schema,
  description: string,
  ...examples: unknown[]
): Schema {
  const copy = schema.clone();
  documented.add(copy, examples.length === 0 ? { description } : { description, examples });
  return copy;
}
