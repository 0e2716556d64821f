import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { cacheDir } from '../../src/dev/cache';
import { MissingPiece } from '../../src/dev/errors';
import { findPostgres } from '../../src/dev/postgres-binary';
import { findTemporal, isOlder, TEMPORAL_CLI_VERSION } from '../../src/dev/temporal-binary';
import { runScript, temporaryFolder } from './processes';

const folder = temporaryFolder();
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A machine with nothing on PATH, an empty cache and no network. */
function bare(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return {
    PATH: join(folder, 'nothing'),
    XDG_CACHE_HOME: join(folder, 'cache'),
    FLOW_CREDITS_OFFLINE: '1',
    ...more,
  };
}

/** A program that answers `--version` the way Temporal's CLI does. */
function fakeTemporal(path: string, version: string): string {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, `#!/bin/sh\necho 'temporal version ${version} (Server 1.0.0, UI 2.0.0)'\n`);
  chmodSync(path, 0o755);
  return path;
}

describe("Temporal's CLI", () => {
  it('that is nowhere is told with what was tried and the ways out', async () => {
    const failure = await findTemporal({ env: bare() }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(MissingPiece);
    const { message } = failure as MissingPiece;
    expect(message).toContain('was not found');
    for (const part of [
      'PATH',
      'cache',
      'FLOW_CREDITS_OFFLINE',
      'https://docs.temporal.io',
      'TEMPORAL_ADDRESS',
    ]) {
      expect(message).toContain(part);
    }
  });

  it('on PATH comes first, unless it is too old', async () => {
    const good = fakeTemporal(join(folder, 'good', 'temporal'), '1.5.0');
    expect(await findTemporal({ env: bare({ PATH: join(folder, 'good') }) })).toEqual({
      path: good,
      origin: 'path',
    });

    fakeTemporal(join(folder, 'old', 'temporal'), '1.4.9');
    const old = findTemporal({ env: bare({ PATH: join(folder, 'old') }) });
    await expect(old).rejects.toThrow('is 1.4.9, older than 1.5.0');
  });

  it('is taken from the cache', async () => {
    const env = bare({ XDG_CACHE_HOME: join(folder, 'filled') });
    const path = join(cacheDir(env), `temporal-cli-${TEMPORAL_CLI_VERSION}`, 'temporal');
    fakeTemporal(path, TEMPORAL_CLI_VERSION);
    expect(await findTemporal({ env })).toEqual({ path, origin: 'cache' });
  });

  it('has versions that are compared by number', () => {
    expect(isOlder('1.9.1', '1.10.0')).toBe(true);
    expect(isOlder('1.10.0', '1.9.1')).toBe(false);
    expect(isOlder('1.5.0', '1.5.0')).toBe(false);
  });
});

describe('Postgres', () => {
  it('that is not where it was said to be is told with the ways out', async () => {
    const failure = findPostgres(bare({ FLOW_CREDITS_POSTGRES: join(folder, 'nothing') }));
    await expect(failure).rejects.toThrow(MissingPiece);
    await expect(failure).rejects.toThrow('DATABASE_URL');
  });

  it('comes from npm, and from a folder that is named', async () => {
    const embedded = await findPostgres(bare());
    expect(embedded.origin).toBe('npm');
    expect(await findPostgres(bare({ FLOW_CREDITS_POSTGRES: embedded.bin }))).toMatchObject({
      origin: 'named',
      bin: embedded.bin,
    });
  });
});

describe('flow-credits dev', () => {
  it('says what is missing and exits with status 1', async () => {
    const cli = runScript('src/cli/bin.ts', ['dev'], bare());
    expect(await cli.end).toBe(1);
    expect(cli.errors()).toContain("error: Temporal's CLI (the dev server) was not found.");
    expect(cli.errors()).not.toContain('    at ');
  });
});
