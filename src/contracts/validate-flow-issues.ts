import { z } from 'zod';
import { didYouMean } from './blocks-suggest';
import { type BlockSpec } from './blocks';
import { messageOf, ownIssues, valueAt } from './faults';
import { type Fault } from './flow';
import { type Json } from './json';
import { pathOf } from './validate-flow-json';

/** The names an object at a path may have: for a suggestion when one is misspelt. */
function namesAt(schema: z.core.$ZodType, keys: readonly PropertyKey[]): readonly string[] {
  const inner = bare(schema);
  const [key, ...rest] = keys;
  if (inner instanceof z.ZodObject) {
    const shape: Readonly<Record<string, z.core.$ZodType | undefined>> = inner.shape;
    if (key === undefined) return Object.keys(shape);
    const member = shape[String(key)];
    return member === undefined ? [] : namesAt(member, rest);
  }
  if (key !== undefined && inner instanceof z.ZodArray) return namesAt(inner.element, rest);
  return [];
}

function bare(schema: z.core.$ZodType): z.core.$ZodType {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodDefault
    ? bare(schema.def.innerType)
    : schema;
}

/**
 * Faults from what zod found. `keys` lead to the value that was parsed, `subject` names it: `block "fetch"`.
 */
export function faultsOf(
  error: z.ZodError,
  schema: z.ZodType,
  value: Json,
  keys: readonly PropertyKey[],
  subject: string,
): readonly Fault[] {
  return ownIssues(error.issues).flatMap((issue): readonly Fault[] => {
    const inner = issue.path.length === 0 ? '' : ` ${pathOf(issue.path)}`;
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        path: pathOf([...keys, ...issue.path, key]),
        message: `${subject}:${inner} has "${key}", which means nothing here${didYouMean(key, namesAt(schema, issue.path))}`,
      }));
    }
    const message = messageOf(issue, valueAt(value, issue.path));
    return [{ path: pathOf([...keys, ...issue.path]) || 'flow', message: `${subject}:${inner} ${message}` }];
  });
}

/**
 * What is wrong with parameters by their schema, each with the way to it. What a template stands for is not looked at,
 * unless they are filled in: then values are quoted from `shown`.
 */
export function issuesIn(
  schema: z.ZodType,
  parameters: Readonly<Record<string, Json>>,
  shown?: Readonly<Record<string, Json>>,
): readonly { readonly keys: readonly PropertyKey[]; readonly message: string }[] {
  const parsed = schema.safeParse(parameters);
  const issues = parsed.success ? [] : ownIssues(parsed.error.issues);
  return issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        keys: [...issue.path, key],
        message: `means nothing here${didYouMean(key, namesAt(schema, issue.path))}`,
      }));
    }
    if (shown === undefined && holdsTemplate(valueAt(parameters, issue.path))) return [];
    return [{ keys: issue.path, message: messageOf(issue, valueAt(shown ?? parameters, issue.path)) }];
  });
}

/** What is wrong with a config, or null. What a template stands for is looked at when it is known, where the type says so. */
export function configError(spec: BlockSpec, config: Readonly<Record<string, Json>>): z.ZodError | null {
  const parsed = spec.config.safeParse(config);
  if (parsed.success) return null;
  if (spec.late !== true) return parsed.error;
  const issues = parsed.error.issues.filter(
    ({ code, path }) => code === 'unrecognized_keys' || !holdsTemplate(valueAt(config, path)),
  );
  return issues.length === 0 ? null : new z.ZodError(issues);
}

export function holdsTemplate(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('{{');
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsTemplate);
}
