import { messageOf } from '../contracts/error-text';

/** Something the embedded stack needs is not on this machine; the message says which and names the ways out. */
export class MissingPiece extends Error {
  override readonly name = 'MissingPiece';

  constructor(what: string, tried: readonly string[], waysOut: readonly string[]) {
    super(
      [
        `${what} was not found.`,
        ...tried.map((line) => `  tried: ${line}`),
        ...waysOut.map((line, index) => `  ${index === 0 ? 'way out' : '     or'}: ${line}`),
      ].join('\n'),
    );
  }
}

/** A server of the embedded stack did not come up; the message has the last lines it wrote. */
export class ServerFailed extends Error {
  override readonly name = 'ServerFailed';
}

/** The code of a system error, `EEXIST`; null where it has none. */
export function codeOf(error: unknown): string | null {
  return detailOf(error, 'code');
}

/** What a program that failed wrote to standard error; else the error's own text. */
export function stderrOf(error: unknown): string {
  return (detailOf(error, 'stderr') ?? messageOf(error)).trim();
}

function detailOf(error: unknown, name: 'code' | 'stderr'): string | null {
  if (typeof error !== 'object' || error === null || !(name in error)) return null;
  const value: unknown = Reflect.get(error, name);
  return typeof value === 'string' ? value : null;
}
