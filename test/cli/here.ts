import { expect } from '@jest/globals';
import { main } from '../../src/cli/main';
import { type Ended } from './cli';

/** The command line in this process: no start of Node and no compiler for each command. One at a time. */
export async function here(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended & { readonly status: number }> {
  const before = { ...process.env };
  const { stdout, stderr, exitCode } = process;
  const [write, complain] = [stdout.write.bind(stdout), stderr.write.bind(stderr)];
  let [out, err] = ['', ''];
  Object.assign(process.env, { NO_COLOR: '1' }, env);
  stdout.write = (chunk: string | Uint8Array) => {
    out += String(chunk);
    return true;
  };
  stderr.write = (chunk: string | Uint8Array) => {
    err += String(chunk);
    return true;
  };
  try {
    process.exitCode = undefined;
    const status = await main(args);
    return { status, out, err };
  } finally {
    stdout.write = write;
    stderr.write = complain;
    process.exitCode = exitCode;
    process.env = before;
  }
}

export interface CommandLine {
  /** A command that must succeed: what it printed. */
  readonly did: (...args: string[]) => Promise<string>;
  readonly json: (...args: string[]) => Promise<unknown>;
  /** A command that must fail: its one line. */
  readonly failed: (...args: string[]) => Promise<string>;
}

/** Commands as somebody types them, in an environment that is asked for each time. */
export function commandLine(env: () => Record<string, string>): CommandLine {
  async function did(...args: string[]): Promise<string> {
    const { status, out, err } = await here(args, env());
    expect({ args, status, err: status === 0 ? '' : err }).toEqual({ args, status: 0, err: '' });
    return out;
  }
  return {
    did,
    json: async (...args) => JSON.parse(await did(...args, '--json')) as unknown,
    failed: async (...args) => {
      const { status, out, err } = await here(args, env());
      expect({ args, status, out }).toEqual({ args, status: 1, out: '' });
      expect(err).toMatch(/^error: [^\n]+\n$/);
      return err;
    },
  };
}
