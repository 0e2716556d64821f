import { rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { findDevStack } from '../../src/dev/state-file';
import { findTemporal } from '../../src/dev/temporal-binary';
import { promisedOf, scrape } from '../ops/samples';
import { isGone, leftovers, runScript, temporaryFolder, type Script } from '../dev/processes';

const CLI = 'src/cli/bin.ts';
const folder = temporaryFolder();
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A user with a cache and a folder for temporary files of their own, and no variables that name servers. */
async function user(): Promise<NodeJS.ProcessEnv> {
  const {
    TEMPORAL_ADDRESS: _address,
    TEMPORAL_NAMESPACE: _namespace,
    DATABASE_URL: _url,
    ...env
  } = process.env;
  const temporal = await findTemporal();
  return {
    ...env,
    PATH: [dirname(temporal.path), env['PATH']].join(delimiter),
    XDG_CACHE_HOME: join(folder, 'cache'),
    TMPDIR: folder,
  };
}

async function linesUntil(script: Script, last: RegExp): Promise<string[]> {
  const lines: string[] = [];
  while (!last.test(lines.at(-1) ?? '')) lines.push(await script.nextLine());
  return lines;
}

describe('flow-credits dev', () => {
  it('is found by another terminal, runs a flow, and ends on SIGTERM without a trace', async () => {
    const env = await user();
    const dev = runScript(CLI, ['dev'], env);
    const said = await linesUntil(dev, /^Ctrl-C stops/);
    expect(said.join('\n')).toMatch(/^Temporal +127\.0\.0\.1:\d+ \(namespace default\)\nUI +http:\/\//);
    expect(said.filter((line) => line.length > 90)).toEqual([]);
    const links = said.flatMap((line) => /^ {2}(\S.*\S) +(http:\S+\/open\/\S+)$/.exec(line)?.slice(1) ?? []);
    expect(links.filter((_, index) => index % 2 === 0)).toEqual([
      'operator',
      ...['hazel', 'juniper', 'willow'],
      'hazel, viewer',
    ]);
    const opened = await fetch(links[1] ?? '', { redirect: 'manual' });
    expect(opened.headers.get('location')).toMatch(/^\/#token=[^&]+&to=%2Fteams$/);

    const cli = async (...args: string[]): Promise<unknown> => {
      const script = runScript(CLI, args, env);
      const answer: unknown = await script.nextLine().then((line): unknown => JSON.parse(line));
      expect({ status: await script.end, errors: script.errors() }).toEqual({ status: 0, errors: '' });
      return answer;
    };
    await cli('team', 'create', 'acme', '--plan', 'solo', '--json');
    const run = ['run', 'examples/hello.json', '--team', 'acme', '--trigger', 'api', '--wait', '--json'];
    expect(await cli(...run, '--input', '{"name":"Ada"}')).toMatchObject({
      admission: { status: 'admitted' },
      outputs: { greeting: 'Hello, Ada!' },
    });

    // Worker and API are one process: all that is promised is at the page's address.
    const [, page = ''] = /^API +(\S+)/m.exec(said.join('\n')) ?? [];
    const { waiting, batches, reserves, commits, ...others } = promisedOf(await scrape(page));
    // A sample team has runs that wait. What the samples did in the past is no work of the worker's.
    for (const count of [waiting, batches, reserves, commits]) expect(count).toBeGreaterThan(0);
    for (const count of Object.values(others)) expect(count).toBeGreaterThanOrEqual(0);

    const servers = stackOf(env);
    expect(servers.map(isGone)).toEqual([false]);
    dev.child.kill('SIGTERM');
    expect(await dev.end).toBe(0);
    expect(stackOf(env)).toEqual([]);
    expect(servers.map(isGone)).toEqual([true]);
    expect(leftovers(folder)).toEqual([]);
  });
});

/** The process of the dev stack that this user's other terminals see. */
function stackOf(env: NodeJS.ProcessEnv): number[] {
  const { XDG_CACHE_HOME: before } = process.env;
  process.env['XDG_CACHE_HOME'] = env['XDG_CACHE_HOME'];
  try {
    const stack = findDevStack();
    return stack === null ? [] : [stack.pid];
  } finally {
    if (before === undefined) delete process.env['XDG_CACHE_HOME'];
    else process.env['XDG_CACHE_HOME'] = before;
  }
}
