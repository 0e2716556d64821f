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
