import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { atEnd } from '../support';
import { openDesk, type Desk } from '../workflows/desk';
import { here } from './here';

let desk: Desk;
let env: Record<string, string>;
let folder = '';
let team = '';
beforeAll(async () => {
  desk = await openDesk();
  env = { DATABASE_URL: desk.databaseUrl, FLOW_CREDITS_TASK_QUEUE: desk.taskQueue };
  folder = mkdtempSync(join(tmpdir(), 'run-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  team = await desk.team('solo');
});

function fileWith(flow: unknown): string {
  const file = join(folder, 'flow.json');
  writeFileSync(file, JSON.stringify(flow));
  return file;
}

const start = { id: 'a', type: 'start' };
const FAULTY: readonly (readonly [string, unknown, readonly string[]])[] = [
  [
    'an empty object',
    {},
    ['name: flow: name is missing; it must be a text', 'blocks: flow: blocks is missing; it must be a list'],
  ],
  ['no object', [start], ['flow: flow: is [{"id":"a","type":"start"}]; it must be an object']],
  ['blocks that are no list', { name: 'n', blocks: 'x' }, ['blocks: flow: blocks is "x"; it must be a list']],
  [
    'a connection that leads nowhere, and a block without an id',
    { name: 'n', blocks: [start, { type: 'or' }], connections: [{ from: 'a' }] },
    [
      'blocks[1].id: flow: blocks[1].id is missing; it must be a text',
      'connections[0].to: flow: connections[0].to is missing; it must be a text',
    ],
  ],
  [
    'a config that is none, beside a type that is none',
    {
      name: 'n',
      blocks: [
        { ...start, config: 'x' },
        { id: 'b', type: 'http-reqest' },
      ],
    },
    [
      'blocks[0].config: block "a": config is "x"; it must be an object',
      'blocks[1].type: block "b" has type "http-reqest"; did you mean "http-request"?',
    ],
  ],
  [
    'well-shaped faults: the door tells them',
    {
      name: 'n',
      blocks: [
        { id: 'a', type: 'http-reqest' },
        { id: 'b', type: 'http-request', config: { url: 5 } },
      ],
    },
    [
      'blocks[0].type: block "a" has type "http-reqest"; did you mean "http-request"?',
      'blocks[1].config.url: block "b": url is 5; it must be a text',
    ],
  ],
];

describe('flow-credits run', () => {
  it.each(FAULTY)('tells every fault of a flow as validate does: %s', async (_what, flow, lines) => {
    const file = fileWith(flow);
    expect(await here(['validate', file])).toEqual({ status: 1, out: `${lines.join('\n')}\n`, err: '' });

    const { status, out, err } = await here(['run', file, '--team', team], env);
    expect({ status, out }).toEqual({ status: 1, out: '' });
    const count = lines.length === 1 ? '1 fault' : `${String(lines.length)} faults`;
    expect(err).toBe(`error: the run is refused: its flow has ${count}\n${lines.join('\n')}\n`);

    const json = await here(['run', file, '--team', team, '--json'], env);
    expect({ status: json.status, err: json.err }).toEqual({ status: 1, err: '' });
    const faults = lines.map((line) => {
      const [path = ''] = line.split(': ', 1);
      return { path, message: line.slice(path.length + 2) };
    });
    expect(JSON.parse(json.out)).toMatchObject({
      admission: { status: 'rejected', reason: 'invalid-flow', faults },
    });
  });

  it('says what is wrong with the flows that it calls', async () => {
    const called = join(folder, 'flows.json');
    writeFileSync(called, JSON.stringify({ other: { blocks: [] } }));
    const file = fileWith({ name: 'n', blocks: [start] });
    const { status, err } = await here(['run', file, '--flows', called, '--team', team], env);
    expect(status).toBe(1);
    expect(err).toContain('flows.other.name: flow "other": flow: name is missing; it must be a text\n');
    expect(err).toContain('flows.other.blocks: flow "other": flow: blocks has 0 members');
  });

  it('says that a team is unknown, on one line, and as JSON', async () => {
    const file = fileWith({ name: 'n', blocks: [start] });
    const { status, out, err } = await here(['run', file, '--team', 'nobody'], env);
    expect({ status, out }).toEqual({ status: 1, out: '' });
    expect(err).toMatch(/^error: [^\n]*"nobody"[^\n]*\n$/);
    const json = await here(['run', file, '--team', 'nobody', '--json'], env);
    expect(json.status).toBe(1);
    expect(JSON.parse(json.out)).toMatchObject({
      workflowId: expect.stringMatching(/^flow-run-/),
      admission: { status: 'rejected', reason: 'unknown-team' },
    });
  });
});
