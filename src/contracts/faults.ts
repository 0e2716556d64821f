import { type z } from 'zod';
import { cutText } from './blocks-size';
import { didYouMean } from './blocks-suggest';
import { type Fault } from './flow';

/** What a schema finds, in our words. One place: flows, files, options and requests read the same. */

type Issue = z.core.$ZodIssue;
type Keys = readonly PropertyKey[];

/** A value in a message: short, on one line. */
export function show(value: unknown): string {
  if (value === undefined) return 'missing';
  // What JSON has no word for: callers in code may give anything.
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`;
  const text = JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part));
  return cutText(text, 60);
}

/** What stands at a path; undefined where there is nothing of its own. */
export function valueAt(value: unknown, keys: Keys): unknown {
  return keys.reduce<unknown>((inner, key) => {
    if (typeof inner !== 'object' || inner === null) return undefined;
    return Object.hasOwn(inner, key) ? (Reflect.get(inner, key) as unknown) : undefined;
  }, value);
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

function kindOf(expected: string): string {
  return KINDS[expected] ?? `a ${expected}`;
}

/** `has 0 members; it must have at least 1`: sizes are counted, numbers shown. */
function boundMessage(value: unknown, origin: string, bound: string): string {
  if (origin === 'string' && typeof value === 'string') {
    return value === '' && bound === 'at least 1'
      ? 'is ""; it must not be empty'
      : `has ${value.length} characters; it must have ${bound}`;
  }
  if (origin === 'array' && Array.isArray(value)) return `has ${value.length} members; it must have ${bound}`;
  return `is ${show(value)}; it must be ${bound}`;
}

/** A text that a schema of ours wrote says what must be (`must be …`); a value that can be said in a few words stands before it. */
function ownText(message: string, value: unknown): string {
  if (!/^must\b/.test(message) || (typeof value === 'object' && value !== null)) return message;
  return value === undefined ? `is missing; it ${message}` : `is ${show(value)}; it ${message}`;
}

/** Whether a message is the library's own, which names neither value nor way out. */
function isOfZod({ message }: Issue): boolean {
  return /^(Invalid|Too (small|big)|Unrecognized)\b/.test(message);
}

/** What zod says of a value, in our words: the value and the way out. */
export function messageOf(issue: Issue, value: unknown): string {
  if (issue.code === 'custom' || !isOfZod(issue)) return ownText(issue.message, value);
  const is = value === undefined ? 'is missing' : `is ${show(value)}`;
  switch (issue.code) {
    case 'invalid_type':
      return `${is}; it must be ${kindOf(issue.expected)}`;
    case 'invalid_value':
      return `${is}${didYouMean(typeof value === 'string' ? value : '', issue.values.map(String))}`;
    case 'too_small':
      return boundMessage(
        value,
        issue.origin,
        `${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}`,
      );
    case 'too_big':
      return boundMessage(
        value,
        issue.origin,
        `${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}`,
      );
    case 'invalid_key':
      return issue.issues[0]?.message ?? 'is a name it must not have';
    case 'invalid_format':
      return `${is}; it must be ${/^[aeiou]/.test(issue.format) ? 'an' : 'a'} ${issue.format}`;
    case 'not_multiple_of':
      return `${is}; it must be a multiple of ${issue.divisor}`;
    case 'invalid_union':
      return `${is}; ${unionText(issue, value)}`;
    case 'invalid_element':
    case 'unrecognized_keys':
      return `${is}; it is not what must stand here`;
  }
}

/** What would have fitted: the kinds there are, or what is wrong by the choice that it comes nearest to. */
function unionText({ errors }: Extract<Issue, { code: 'invalid_union' }>, value: unknown): string {
  const kinds: string[] = [];
  const near: (readonly Issue[])[] = [];
  for (const choice of errors) {
    const root = choice.find(({ path }) => path.length === 0);
    if (root?.code === 'invalid_type') kinds.push(kindOf(root.expected));
    else near.push(choice);
  }
  const [first] = near.reduce((best, choice) => (choice.length < best.length ? choice : best), near[0] ?? []);
  if (first !== undefined) {
    return `${pathText(first.path) || 'it'} ${messageOf(first, valueAt(value, first.path))}`;
  }
  return kinds.length === 0 ? 'it is not what must stand here' : `it must be ${kinds.join(' or ')}`;
}

/** Without those that follow from another: what is of the wrong kind has no size to speak of. */
export function ownIssues(issues: readonly Issue[]): readonly Issue[] {
  const at = ({ path }: Issue): string => JSON.stringify(path.map(String));
  const ofWrongKind = new Set(issues.filter(({ code }) => code === 'invalid_type').map(at));
  return issues.filter(
    (issue) => issue.code === 'invalid_type' || issue.code === 'custom' || !ofWrongKind.has(at(issue)),
  );
}

function pathText(path: Keys): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}

/** What a schema found wrong in `input`, each with the path of what it is about, what is there, and what must be. */
export function faultsOf(error: z.ZodError, input: unknown): Fault[] {
  return ownIssues(error.issues).flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({
          path: pathText([...issue.path, key]),
          message: 'is a field nobody knows',
        }))
      : [{ path: pathText(issue.path), message: messageOf(issue, valueAt(input, issue.path)) }],
  );
}
