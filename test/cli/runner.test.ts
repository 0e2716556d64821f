import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { ROOT, runScript, temporaryFolder } from '../dev/processes';
import { atEnd, eventually, uniqueName } from '../support';
import { callsInTurn, openDesk, type Desk } from '../workflows/desk';
import { here } from './here';

const CLI = 'src/cli/bin.ts';
let desk: Desk;
let env: Record<string, string>;
let folder = '';

beforeAll(async () => {
  desk = await openDesk();
  desk.gate.open();
  env = { DATABASE_URL: desk.databaseUrl, FLOW_CREDITS_TASK_QUEUE: desk.taskQueue };
  folder = temporaryFolder();
  atEnd(() => rm(folder, { recursive: true, force: true }));
});

describe('flow-credits runner', () => {
  it('needs no database, executes what waits for it, and ends with a signal; until it is there, commands say so', async () => {
    const team = await desk.team('enterprise');
    const id = uniqueName('private');
    const file = join(folder, 'flow.json');
    writeFileSync(file, JSON.stringify(callsInTurn(`${desk.gate.url}/${id}`, ['a', 'b'])));
    const missing = `blocks wait for the private runner of team "${team}": nobody polls ${desk.taskQueue}.runner.${team}; start one with "flow-credits runner --team ${team}"`;

    const place = ['--team', team, '--trigger', 'api', '--location', 'private-runner'];
    const args = ['run', file, ...place, '--id', id, '--wait', '--json'];
    const run = runScript(CLI, args, { ...process.env, ...env });
    await eventually(() => run.errors().includes(missing));
    const shown = await here(['runs', 'show', id, '--team', team], env);
    expect(shown).toMatchObject({ status: 0, err: '', out: expect.stringContaining(missing) });
    const json = await here(['runs', 'show', id, '--team', team, '--json'], env);
    expect(JSON.parse(json.out)).toMatchObject({ runner: { polled: false } });

    const { DATABASE_URL: _url, ...temporal } = process.env;
    const settings = { FLOW_CREDITS_TASK_QUEUE: desk.taskQueue, FLOW_CREDITS_HTTP_ALLOW: '127.0.0.1' };
    const runner = runScript(CLI, ['runner', '--team', team], { ...temporal, ...settings });
    try {
      expect(await runner.nextLine()).toMatch(
        `private runner of team "${team}": polls ${desk.taskQueue}.runner.${team} at `,
      );
      expect(JSON.parse(await run.nextLine())).toMatchObject({ charged: '2000' });
      expect(await run.end).toBe(0);
      // Said once.
      expect(run.errors().split('nobody polls')).toHaveLength(2);
      const after = await here(['runs', 'show', id, '--team', team, '--json'], env);
      expect(JSON.parse(after.out)).toMatchObject({ run: { status: 'closed' }, runner: null });
    } finally {
      runner.child.kill('SIGINT');
    }
    expect({ end: await runner.end, errors: runner.errors() }).toEqual({ end: 0, errors: 'stopped\n' });
  });

  it('loads neither the client of a database nor the ledger', () => {
    const script = `require('./src/plugin/runner-process.ts');
      const files = Object.keys(require.cache).map((file) => file.replaceAll('\\\\', '/'));
      console.log(JSON.stringify([files.length > 50, files.filter((file) => /node_modules\\/pg\\/|src\\/(ledger|workflows)\\//.test(file))]));`;
    const out = execFileSync(process.execPath, ['--import', 'tsx', '-e', script], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect(JSON.parse(out)).toEqual([true, []]);
  });

  it('says what is wrong with a team on one line', async () => {
    const { status, out, err } = await here(['runner', '--team', 'a b'], env);
    expect({ status, out }).toEqual({ status: 1, out: '' });
    expect(err).toMatch(/^error: team "a b": must be 1 to 128 letters[^\n]+\n$/);
  });
});
