import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { announceDevStack, environment, findDevStack } from '../../src/dev/state-file';
import { temporaryFolder } from './processes';

const folder = temporaryFolder();
const { XDG_CACHE_HOME: before } = process.env;
beforeEach(() => {
  rmSync(folder, { recursive: true, force: true });
  process.env['XDG_CACHE_HOME'] = folder;
});
afterAll(() => {
  if (before === undefined) delete process.env['XDG_CACHE_HOME'];
  else process.env['XDG_CACHE_HOME'] = before;
  rmSync(folder, { recursive: true, force: true });
});

const STACK = {
  temporalAddress: '127.0.0.1:7233',
  namespace: 'default',
  databaseUrl: 'postgres://postgres@127.0.0.1:5432/flow_credits',
  uiUrl: null,
};

describe('the running dev stack', () => {
  it('is found while it is announced, and only then', () => {
    expect(findDevStack()).toBeNull();
    const takeBack = announceDevStack(STACK);
    expect(findDevStack()).toEqual({ ...STACK, apiUrl: null, pid: process.pid });
    takeBack();
    expect(findDevStack()).toBeNull();
  });

  it('that died is forgotten, and a broken file harms nobody', () => {
    const stacks = join(process.env['XDG_CACHE_HOME'] ?? '', 'temporal-flow-credits', 'dev-stacks');
    mkdirSync(stacks, { recursive: true });
    // No process can have this id: it is beyond what the kernel gives out.
    writeFileSync(join(stacks, 'dead.json'), JSON.stringify({ ...STACK, pid: 2 ** 30 }));
    writeFileSync(join(stacks, 'broken.json'), '{"pid":');
    expect(findDevStack()).toBeNull();
    expect(readdirSync(stacks)).toEqual(['broken.json']);
  });

  it('fills in what the environment leaves open', () => {
    const takeBack = announceDevStack(STACK);
    try {
      expect(environment({})).toEqual({
        TEMPORAL_ADDRESS: STACK.temporalAddress,
        TEMPORAL_NAMESPACE: 'default',
        DATABASE_URL: STACK.databaseUrl,
      });
      expect(environment({ TEMPORAL_ADDRESS: 'real:7233' })).toEqual({
        TEMPORAL_ADDRESS: 'real:7233',
        DATABASE_URL: STACK.databaseUrl,
      });
      expect(environment({ TEMPORAL_PROFILE: 'prod', DATABASE_URL: 'postgres://real' })).toEqual({
        TEMPORAL_PROFILE: 'prod',
        DATABASE_URL: 'postgres://real',
      });
    } finally {
      takeBack();
    }
    expect(environment({ ANY: 'thing' })).toEqual({ ANY: 'thing' });
  });
});
