import { z } from 'zod';
import { cutText } from './blocks-size';
import { didYouMean } from './blocks-suggest';
import { type BlockSpec } from './blocks';
import { type Fault } from './flow';
import { type Json } from './json';
import { pathOf } from './validate-flow-json';

/** A value in a message: short, on one line. */
export function show(value: Json | undefined): string {
  if (value === undefined) return 'missing';
  return cutText(JSON.stringify(value), 60);
}

function at(value: Json | undefined, keys: readonly PropertyKey[]): Json | undefined {
  return keys.reduce<Json | undefined>((inner, key) => {
    if (typeof inner !== 'object' || inner === null) return undefined;
    if (Array.isArray(inner)) return typeof key === 'number' ? inner[key] : undefined;
    return Object.hasOwn(inner, String(key)) ? inner[String(key)] : undefined;
  }, value);
}

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

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

/** `has 0 members; it must have at least 1`: sizes are counted, numbers shown. */
function boundMessage(value: Json | undefined, origin: string, bound: string): string {
  if (origin === 'string' && typeof value === 'string') {
    return `has ${value.length} characters; it must have ${bound}`;
  }
  if (origin === 'array' && Array.isArray(value)) return `has ${value.length} members; it must have ${bound}`;
  return `is ${show(value)}; it must be ${bound}`;
}

/** What zod says, in our words: the value and the way out. */
function messageOf(issue: z.core.$ZodIssue, value: Json | undefined): string {
  if (value === undefined && issue.code !== 'custom') return 'is missing';
  switch (issue.code) {
    case 'invalid_type':
      return `is ${show(value)}; it must be ${KINDS[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `is ${show(value)}${didYouMean(typeof value === 'string' ? value : show(value), issue.values.map(String))}`;
    case 'too_small':
      return boundMessage(
        value,
        issue.origin,
        `${issue.inclusive === true ? 'at least' : 'more than'} ${issue.minimum}`,
      );
    case 'too_big':
      return boundMessage(
        value,
        issue.origin,
        `${issue.inclusive === true ? 'at most' : 'less than'} ${issue.maximum}`,
      );
    case 'invalid_key':
      return issue.issues[0]?.message ?? 'is a name it must not have';
    case 'custom':
      return issue.message;
    case 'invalid_format':
      // Where nobody gave a text of his own.
      return issue.message.startsWith('Invalid')
        ? `is ${show(value)}; it must be ${/^[aeiou]/.test(issue.format) ? 'an' : 'a'} ${issue.format}`
        : `is ${show(value)}; it ${issue.message}`;
    case 'invalid_union':
    case 'invalid_element':
    case 'not_multiple_of':
    case 'unrecognized_keys':
      return `is ${show(value)}; it ${issue.message}`;
  }
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
  return error.issues.flatMap((issue): readonly Fault[] => {
    const inner = issue.path.length === 0 ? '' : ` ${pathOf(issue.path)}`;
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        path: pathOf([...keys, ...issue.path, key]),
        message: `${subject}:${inner} has "${key}", which means nothing here${didYouMean(key, namesAt(schema, issue.path))}`,
      }));
    }
    const message = messageOf(issue, at(value, issue.path));
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
  const issues = parsed.success ? [] : parsed.error.issues;
  return issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        keys: [...issue.path, key],
        message: `means nothing here${didYouMean(key, namesAt(schema, issue.path))}`,
      }));
    }
    if (shown === undefined && holdsTemplate(at(parameters, issue.path))) return [];
    return [{ keys: issue.path, message: messageOf(issue, at(shown ?? parameters, issue.path)) }];
  });
}

/** What is wrong with a config, or null. What a template stands for is looked at when it is known, where the type says so. */
export function configError(spec: BlockSpec, config: Readonly<Record<string, Json>>): z.ZodError | null {
  const parsed = spec.config.safeParse(config);
  if (parsed.success) return null;
  if (spec.late !== true) return parsed.error;
  const issues = parsed.error.issues.filter(
    ({ code, path }) => code === 'unrecognized_keys' || !holdsTemplate(at(config, path)),
  );
  return issues.length === 0 ? null : new z.ZodError(issues);
}

export function holdsTemplate(value: Json | undefined): boolean {
  if (typeof value === 'string') return value.includes('{{');
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsTemplate);
}
