import { type z } from 'zod';
import { cutText } from '../contracts/blocks-size';
import { type Fault } from '../contracts/flow';

type Issue = z.core.$ZodIssue;

function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}

const EXPECTED: Readonly<Record<string, string>> = {
  int: 'a whole number',
  record: 'an object',
  object: 'an object',
  array: 'a list',
  string: 'text',
  boolean: 'true or false',
};

/** Messages that a schema of ours wrote stay as they are; those of the library are said in our words. */
function messageOf(issue: Issue): string {
  if (issue.code === 'invalid_type' && issue.message.startsWith('Invalid input')) {
    return `must be ${EXPECTED[issue.expected] ?? `a ${issue.expected}`}`;
  }
  if (issue.code === 'invalid_value' && issue.message.startsWith('Invalid option')) {
    return `must be one of ${issue.values.map((value) => JSON.stringify(String(value))).join(', ')}`;
  }
  if (issue.code === 'too_small' && issue.message.startsWith('Too small')) {
    return typeof issue.minimum === 'number' && issue.origin !== 'number' && issue.minimum <= 1
      ? 'must not be empty'
      : `must be ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}`;
  }
  if (issue.code === 'too_big' && issue.message.startsWith('Too big'))
    return `must be at most ${issue.maximum}`;
  return issue.message;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null ? (Reflect.get(value, part) as unknown) : undefined,
    input,
  );
}

/** What stands there instead, where it can be said in a few words. */
function found(input: unknown, path: readonly PropertyKey[]): string {
  const value = valueAt(input, path);
  if (value === undefined) return '; it is missing';
  if (Array.isArray(value)) return '; it is a list';
  if (typeof value === 'object' && value !== null) return '';
  return `; it is ${cutText(JSON.stringify(value), 60)}`;
}

/** What a schema found wrong in `input`, each with the path of what it is about, what must be there, and what is. */
export function faultsOf(error: z.ZodError, input: unknown): Fault[] {
  return error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({
          path: pathText([...issue.path, key]),
          message: 'is a field nobody knows',
        }))
      : [{ path: pathText(issue.path), message: messageOf(issue) + found(input, issue.path) }],
  );
}
