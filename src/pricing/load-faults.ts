import { type z } from 'zod';
import { type Fault } from '../contracts/flow';

type Issue = z.core.$ZodIssue;

function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}

const ARTICLE: Readonly<Record<string, string>> = {
  int: 'a whole number',
  record: 'an object',
  object: 'an object',
  array: 'a list',
  string: 'text',
};

/** Messages that a schema of ours wrote stay as they are; those of the library are said in our words. */
function messageOf(issue: Issue): string {
  if (issue.code === 'unrecognized_keys') return 'is a field nobody knows';
  if (issue.code === 'invalid_type' && issue.message.startsWith('Invalid input')) {
    return `must be ${ARTICLE[issue.expected] ?? `a ${issue.expected}`}`;
  }
  if (issue.code === 'invalid_value' && issue.message.startsWith('Invalid option')) {
    return `must be one of ${issue.values.map((value) => JSON.stringify(String(value))).join(', ')}`;
  }
  return issue.message;
}

/** What a schema found wrong, each with the path of what it is about. */
export function faultsOf(error: z.ZodError): Fault[] {
  return error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ path: pathText([...issue.path, key]), message: messageOf(issue) }))
      : [{ path: pathText(issue.path), message: messageOf(issue) }],
  );
}
