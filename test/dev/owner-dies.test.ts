import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually';
import { isGone, leftovers, runScript, temporaryFolder } from './processes';

/** The environment of a stack that starts its own servers and keeps its temporary files in `TMPDIR`. */
function bare(folder: string): NodeJS.ProcessEnv {
  const { TEMPORAL_ADDRESS: _address, DATABASE_URL: _url, ...env } = process.env;
  return { ...env, TMPDIR: folder };
}

describe('when the owner of a stack', () => {
  it.each([
    ['is killed by SIGKILL', 'wait', 'SIGKILL'],
    ['throws', 'throw', 1],
    ['exits', 'exit', 3],
    ['returns without stopping it', 'return', 0],
  ])('%s, no server and no folder is left', async (_how, ending, expected) => {
    const tmp = temporaryFolder();
    const owner = runScript('test/dev/fixtures/owner.ts', [ending], bare(tmp));
    const pids = JSON.parse(await owner.nextLine()) as number[];
    expect(pids).toEqual([expect.any(Number), expect.any(Number)]);
    if (ending === 'wait') {
      expect(pids.map(isGone)).toEqual([false, false]);
      expect(leftovers(tmp)).toHaveLength(1);
      owner.child.kill('SIGKILL');
    }
    expect(await owner.end).toBe(expected);
    await eventually(() => {
      expect(pids.map(isGone)).toEqual([true, true]);
    });
    await eventually(() => {
      expect(leftovers(tmp)).toEqual([]);
    });
    rmSync(tmp, { recursive: true, force: true });
  });
});

describe('when the guardian is killed', () => {
  it('another takes its place', async () => {
    const tmp = temporaryFolder();
    const owner = runScript('test/dev/fixtures/owner.ts', ['wait'], bare(tmp));
    const pids = JSON.parse(await owner.nextLine()) as number[];
    const guardian = guardianOf(owner.child.pid);
    process.kill(guardian, 'SIGKILL');
    await eventually(() => guardianOf(owner.child.pid) !== guardian);

    owner.child.kill('SIGKILL');
    await eventually(() => {
      expect(pids.map(isGone)).toEqual([true, true]);
      expect(leftovers(tmp)).toEqual([]);
    });
    rmSync(tmp, { recursive: true, force: true });
  });
});

/** The guardian among a process's children. */
function guardianOf(owner: number | undefined): number {
  const all = execFileSync('ps', ['-A', '-o', 'ppid=,pid=,args='], { encoding: 'utf8' });
  const line = all
    .split('\n')
    .map((text) => text.trim().split(/\s+/))
    .find(([parent, , ...args]) => parent === String(owner) && args.join(' ').includes('guardian-process'));
  if (line === undefined) throw new Error(`process ${String(owner)} has no guardian`);
  return Number(line[1]);
}
