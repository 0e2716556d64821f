import { stringify } from 'csv-stringify/sync';
import { sep } from 'node:path';
import pc from 'picocolors';
import { messageOf } from '../contracts/error-text';
import { toIso } from '../contracts/time';

/** Colours are for a terminal alone: what is piped stays plain, also where `CI` is set. */
function coloursOf(stream: NodeJS.WriteStream): ReturnType<typeof pc.createColors> {
  return pc.createColors(stream.isTTY ? !process.env['NO_COLOR'] : false);
}

const installed = __dirname.includes(`${sep}node_modules${sep}`);
/** How this command line is called where it is: in a checkout, or where the package is installed. */
export const CALLED = installed ? 'npx flow-credits' : 'npm run -s flow-credits --';
/** A flow to begin with: the package has no examples. */
export const A_FLOW = installed ? 'FLOW.json' : 'examples/hello.json';
/** How the stack on this machine is started. */
export const DEV = installed ? 'npx flow-credits dev' : 'npm run dev';

/** Standard output is for results, standard error for everything else. A reader that goes away (`| head`) is no error. */
export function print(line = ''): void {
  write(process.stdout, `${line}\n`);
}

/** For people only: progress, hints. Never part of a result. */
export function note(line: string): void {
  write(process.stderr, `${line}\n`);
}

/** Where reports keep a moment: it is printed as a person reads it, in ISO 8601. */
const MOMENTS: ReadonlySet<string> = new Set([
  ...['at', 'since', 'from', 'to', 'start', 'end'],
  ...['askedAt', 'admittedAt', 'closedAt', 'grantedAt', 'expiresAt'],
]);

/** The result as JSON on one line, or laid out for a terminal. Amounts (`bigint`) and moments become text. */
export function printJson(value: unknown): void {
  const spaces = process.stdout.isTTY ? 2 : 0;
  print(
    JSON.stringify(
      value,
      (key, part: unknown) => {
        if (typeof part === 'bigint') return part.toString();
        return typeof part === 'number' && MOMENTS.has(key) ? toIso(part) : part;
      },
      spaces,
    ),
  );
}

/** Columns as wide as their widest cell; the first row is the head. Numbers are the caller's to align: `right`. */
export function table(rows: readonly (readonly string[])[], right: readonly number[] = []): string {
  const widths = rows.reduce<number[]>(
    (all, row) => row.map((cell, column) => Math.max(all[column] ?? 0, cell.length)),
    [],
  );
  return rows
    .map((row, index) => {
      const line = row
        .map((cell, column) =>
          right.includes(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd();
      return index === 0 ? coloursOf(process.stdout).dim(line) : line;
    })
    .join('\n');
}

/** Rows as CSV; the first is the head. Text that a spreadsheet would take for a formula is quoted as text. */
export function printCsv(rows: readonly (readonly string[])[]): void {
  const [head = [], ...body] = rows;
  write(process.stdout, stringify([head, ...body.map((row) => row.map(asData))]));
}

function asData(cell: string): string {
  return /^[=+\-@\t\r]/.test(cell) && !/^-?\d+(\.\d+)?$/.test(cell) ? `'${cell}` : cell;
}

/** A failure that a person can act on: its message is all they see, and below it `lines`, where there are any. */
export class UserError extends Error {
  override readonly name = 'UserError';

  readonly lines: readonly string[];

  constructor(
    message: string,
    { lines = [], ...options }: ErrorOptions & { readonly lines?: readonly string[] } = {},
  ) {
    super(message, options);
    this.lines = lines;
  }
}

/** One line for people; the stack as well where FLOW_CREDITS_DEBUG is set. */
export function printError(error: unknown): void {
  note(`${coloursOf(process.stderr).red('error')}: ${messageOf(error)}`);
  if (error instanceof UserError) error.lines.forEach(note);
  if (process.env['FLOW_CREDITS_DEBUG'] && error instanceof Error) note(describe(error));
}

function describe(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${describe(error.cause)}` : '';
  return `${error.stack ?? error.message}${cause}`;
}

/** Streams of which a reader may leave: `flow-credits … | head` ends quietly. */
const forgiving = new WeakSet<NodeJS.WriteStream>();

function write(stream: NodeJS.WriteStream, text: string): void {
  // Whoever else listens (Node does, where worker threads write there) does not keep an error from ending the process.
  if (!forgiving.has(stream)) {
    forgiving.add(stream);
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
  stream.write(text);
}
