import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { moment } from '../../src/cli/commands/amounts';
import { type StartedRun } from '../../src/client';
import { type FlowInput } from '../../src/contracts/flow';
import { toIso } from '../../src/contracts/time';
import { credits } from '../../src/contracts/millicredits';
import { moveClock } from '../../src/ledger';
import { periodsOf } from '../../src/ledger/read/periods';
import { temporaryFolder } from '../dev/processes';
import { openDesk, type Desk } from '../workflows/desk';
import { commandLine, here } from './here';

const DAY_MS = 86_400_000;
const REASON = ['--reason', 'because'];

let desk: Desk;
let env: Record<string, string>;
beforeAll(async () => {
  desk = await openDesk();
  desk.gate.open();
  env = { DATABASE_URL: desk.databaseUrl, FLOW_CREDITS_TASK_QUEUE: desk.taskQueue };
});

const { did, json, failed } = commandLine(() => env);

/** The moments of a team's next two resets. */
async function resets(team: string): Promise<readonly string[]> {
  const overview = await desk.reader.team(team);
  if (overview === null) throw new Error(`team ${team} is unknown`);
  const { anchor, timeZone, period } = overview;
  return periodsOf(anchor, timeZone, { count: 2, from: period.end }).map(({ start }) => moment(start));
}

/** A logic block, and a call that fails and may: it is charged nothing. */
function branching(url: string): FlowInput {
  return {
    name: 'branching',
    blocks: [
      { id: 'start', type: 'start' },
      { id: 'calc', type: 'evaluate', config: { expression: '1 + 1' } },
      { id: 'call', type: 'http-request', config: { url } },
      { id: 'out', type: 'output' },
    ],
    connections: [
      { from: 'start', to: 'calc' },
      { from: 'calc', to: 'call' },
      { from: 'call', to: 'out' },
    ],
  };
}

describe('the line', () => {
  it('says place, run, flow, trigger, since, credits, why and when it goes, and who is discarded leaves', async () => {
    const team = await desk.emptyTeam('free');
    const runs: StartedRun[] = [];
    for (const blocks of [['a'], Array.from({ length: 24 }, (_, n) => `b${String(n)}`), ['c', 'd']]) {
      runs.push(await desk.start(team, blocks, { trigger: runs.length === 0 ? 'webhook' : 'api' }));
    }
    const [first, second, third] = runs.map(({ workflowId }) => workflowId);
    const [next = '', afterNext = ''] = await resets(team);
    const lines = (await did('line', team)).split('\n');
    expect(lines[0]).toMatch(/^place +run +flow +trigger +since +credits +likely +why +goes$/);
    const row = (n: number, id: string | undefined, of: string, goes: string): RegExp =>
      new RegExp(`^ +${String(n)} +${id ?? ''} +calls in turn +${of} +\\S+Z +${goes}$`);
    expect(lines[1]).toMatch(row(1, first, 'webhook', `1 +1 +spent +${next}`));
    expect(lines[2]).toMatch(row(2, second, 'api', `24 +24 +spent +${next}`));
    expect(lines[3]).toMatch(row(3, third, 'api', `2 +2 +spent +${afterNext}`));
    expect(lines[4]).toBe(`3 waiting; the next reset is at ${next}`);
    expect(await json('line', team, '--after', '1', '--limit', '1')).toMatchObject({
      waiting: 3,
      line: [{ place: 2, hold: '24000', goes: { resets: 1, at: next.replace('Z', '.000Z') } }],
    });
    expect(await did('runs', 'show', first ?? '', '--team', team)).toMatch(
      /^waiting at place 1; webhook run, cloud$/m,
    );

    expect(await json('line', 'discard', team, '--trigger', 'webhook', ...REASON)).toEqual({
      team,
      status: 'done',
      discarded: 1,
      more: false,
    });
    expect(await did('line', 'discard', team, '--run', second ?? '', ...REASON)).toBe(
      `team ${team}: 1 waiting run discarded\n`,
    );
    expect(await did('line', 'discard', team, '--flow', 'another', ...REASON)).toMatch(/: 0 waiting runs/);
    expect(await did('line', team)).toMatch(new RegExp(`^ +1 +${third ?? ''} .*${next}$`, 'm'));
    await expect(runs[0]?.result()).rejects.toThrow();
    expect(await failed('line', 'discard', team, '--run', 'nobody', ...REASON)).toContain(
      'run "nobody" of team',
    );
    expect(await failed('line', team, '--limit', '0')).toContain('--limit 0: must be a whole number');
    await did('line', 'discard', team, '--before', '2030-01-01', ...REASON);
    expect(await did('line', team)).toBe(`nobody waits in the line of team ${team}\n`);
  });
});

describe('what was used', () => {
  it('is shown by run, reversed by run, charge and line, and summed by flow, type and day', async () => {
    const team = await desk.team('team', { timeZone: 'Asia/Tokyo' });
    const run = await desk.start(team, ['a', 'b']);
    await run.result();
    const other = await desk.client.startRun({
      flow: branching(`${desk.gate.url}/x`),
      team,
      trigger: 'schedule',
      workflowId: `${run.workflowId}-x`,
    });
    await other.result();
    const shown = await did('runs', 'show', run.workflowId, '--team', team);
    expect(shown).toMatch(/^a +http-request +1 +grant:1 1$/m);
    expect(shown).toMatch(/^ +0 +HTTP Request +1 +1 +1 +blocks\.http-request +documented$/m);
    expect(shown).toMatch(/^2 credits charged$/m);
    expect(await did('usage', team)).toMatch(/^total +4 +4 +0 +4 +0 +0 +0 +0$/m);

    const reverse = ['reverse', team, run.workflowId];
    expect(await did(...reverse, '--key', 'a', '--line', '0', ...REASON)).toBe(
      `run ${run.runId}, a: 1 credits reversed\n`,
    );
    expect(await failed(...reverse, '--key', 'a', ...REASON)).toContain('was reversed already');
    expect(await failed(...reverse, '--key', 'z', ...REASON)).toContain('has no charge "z"');
    expect(await failed(...reverse, '--line', '0', ...REASON)).toContain('name the charge by --key');
    expect(await failed('reverse', team, 'nobody', ...REASON)).toContain(
      `"flow-credits runs ${team}" lists its runs`,
    );
    expect(await json(...reverse, ...REASON, '--request-id', 'r1')).toEqual({
      team,
      runId: run.runId,
      status: 'reversed',
      amount: '1000',
      charges: 1,
    });
    const after = await did('runs', 'show', run.runId, '--team', team);
    expect(after).toMatch(/ reversed$/m);
    expect(after).toMatch(/^2 credits charged, of which 2 were reversed$/m);
    const flows = await json('usage', team, '--by', 'flow');
    expect(flows).toMatchObject({
      rows: [
        { key: 'branching', charges: 2, amount: '2000', reversed: '0' },
        { key: 'calls in turn', charges: 2, amount: '0', reversed: '2000' },
      ],
      total: { amount: '2000' },
    });
    const csv = await did('usage', team, '--by', 'type', '--csv');
    expect(csv).toBe(
      'type,charges,credits,reversed,included,purchased,adjustment,payg,overdraft\n' +
        'evaluate,1,1,0,1,0,0,0,0\nhttp-request,3,1,2,1,0,0,0,0\n',
    );
    const today = new Date((await desk.reader.now()) + 9 * 3_600_000).toISOString().slice(0, 10);
    expect(await did('usage', team, '--by', 'day', '--from', today)).toMatch(
      new RegExp(`^${today} +4 +2 +2`, 'm'),
    );
    expect(await json('audit', team, '--limit', '1')).toMatchObject([
      { kind: 'reversal', reason: 'because' },
    ]);
    const [page] = [await json('runs', team, '--limit', '1', '--status', 'closed')];
    expect(page).toMatchObject({ runs: [{ flow: 'branching', askedAt: expect.stringMatching(/Z$/) }] });
    const { next } = page as { next: string };
    expect(await json('runs', team, '--limit', '1', '--after', next)).toMatchObject({
      runs: [{ flow: 'calls in turn' }],
      next: null,
    });
    expect(await json('runs', team, '--flow', 'nothing')).toEqual({ team, runs: [], next: null });
  });

  it.each([
    [['usage', 'T', '--json', '--csv'], '--csv: not together with --json'],
    [
      ['usage', 'T', '--period', '1', '--from', '2026-11-01'],
      '--period 1: not together with --from and --to',
    ],
    [
      ['usage', 'T', '--from', '2026-11-02', '--to', '2026-11-01'],
      '--to 2026-11-01: must be after --from 2026-11-02',
    ],
    [['usage', 'T', '--by', 'month'], "option '--by <what>' argument 'month' is invalid"],
    [['runs', 'T', '--after', 'there'], '--after there: is no cursor'],
    [['runs', 'show', 'nobody', '--team', 'T'], 'run "nobody" of team'],
    [['audit', 'T', '--before', 'x'], '--before x: must be a whole number'],
    [['reprice', '--card', 'no.json', '--since', '2026-01-01'], 'no.json: cannot be read'],
    [['reprice', '--card', 'postman-2026-03-01', '--since', 'then'], '--since then: must be a moment'],
  ])('is refused by one line where it makes no sense: %j', async (args, line) => {
    const team = await desk.team('solo');
    expect(await failed(...args.map((arg) => (arg === 'T' ? team : arg)))).toContain(line);
  });
});

describe('another card', () => {
  it('prices what was used again, says what it cannot price, and changes nothing', async () => {
    const team = await desk.team('enterprise');
    const since = new Date(await desk.reader.now()).toISOString();
    const runs = [await desk.start(team, ['a', 'b']), await desk.start(team, ['a'])];
    for (const run of runs) await run.result();
    await did('reverse', team, runs[0]?.workflowId ?? '', '--key', 'b', ...REASON);
    // Blocks of an agent: a model the next card lists, and one that it does not.
    const card = join(temporaryFolder(), 'next.json');
    const origin = { provenance: 'assumed', source: 'test' };
    const fixed = (credits: string): object => ({ price: 'fixed', credits, ...origin });
    writeFileSync(
      card,
      JSON.stringify({
        id: 'next',
        inForceFrom: '2030-01-01T00:00:00Z',
        extends: 'postman-2026-03-01',
        run: { cloud: { credits: '0.5', ...origin } },
        blocks: {
          'http-request': fixed('1.25'),
          'ai-agent': { price: 'by-model', models: { 'gpt-4o': { credits: '7', ...origin } } },
        },
      }),
    );
    for (const [key, model] of [
      ['x', 'gpt-4o'],
      ['y', 'gpt-4'],
    ] as const) {
      await used(team, runs[1]?.runId ?? '', key, model);
    }
    const before = await desk.reader.verify({ team });
    const found = await json('reprice', '--card', card, '--since', since, '--team', team);
    expect(found).toMatchObject({
      card: 'next',
      rows: [
        { team, type: 'ai-agent', charges: 1, was: '3000', would: '7000', difference: '4000' },
        { team, type: 'http-request', charges: 3, was: '2000', would: '2500', difference: '500' },
        { team, type: 'run', charges: 2, was: '0', would: '1000', difference: '1000' },
      ],
      total: { charges: 6, was: '5000', would: '10500', difference: '5500' },
      notRepriced: [{ team, type: 'ai-agent', charges: 1, was: '3000', example: { key: 'y' } }],
    });
    const text = await did('reprice', '--card', card, '--since', since);
    expect(text).toMatch(/^team +type +charges +now +under next +difference$/m);
    expect(text).toMatch(/^not repriced: 1 charges of ai-agent .*model "gpt-4" has no row/m);
    const csv = await here(['reprice', '--card', card, '--since', since, '--team', team, '--csv'], env);
    expect(csv.out).toBe(
      `team,type,charges,now,under next,difference\n${team},ai-agent,1,3,7,4\n` +
        `${team},http-request,3,2,2.5,0.5\n${team},run,2,0,1,1\n`,
    );
    expect(csv.err).toMatch(/^not repriced: /);
    const same = await json('reprice', '--card', 'postman-2026-03-01', '--since', since, '--team', team);
    const calls = { type: 'http-request', was: '2000', would: '2000', difference: '0' };
    expect(same).toMatchObject({ rows: expect.arrayContaining([expect.objectContaining(calls)]) });
    const later = new Date((await desk.reader.now()) + DAY_MS).toISOString();
    expect(await json('reprice', '--card', card, '--since', later)).toMatchObject({
      rows: [],
      notRepriced: [],
    });
    expect((await desk.reader.verify({ team })).checked).toEqual(before.checked);
  });

  /** As the activities commit it, for a price that was ours alone. */
  async function used(team: string, runId: string, key: string, model: string): Promise<void> {
    const millicredits = '3000';
    const line = { what: `${model} model call`, quantity: '1', unitMillicredits: millicredits, millicredits };
    await desk.ledger.submit({
      kind: 'commit',
      team,
      runId,
      key,
      amount: credits(3),
      detail: {
        type: 'ai-agent',
        lines: [{ ...line, row: 'blocks.ai-agent', provenance: 'assumed' }],
        usage: { modelCalls: [{ model, calls: 1 }] },
      },
    });
  }
});

describe('statements', () => {
  it('are in credits, and in money with cents', async () => {
    const team = await desk.team('solo', { openingCredits: '10' });
    expect(await did('statements', team)).toMatch(/no period of team .* is closed yet/);
    const period = (await desk.reader.team(team))?.period ?? { index: 0, start: 0, end: 0 };
    await moveClock(desk.pool, period.end - (await desk.reader.now()) + 1);
    await did('adjust', team, '1', ...REASON);
    const csv = await did('statements', team, '--csv');
    expect(csv.split('\n')[0]).toBe(
      'period,start,end,plan,opening,granted,charged,expired,withdrawn,closing,payg,payg $,payg reversed,reversed $,overdraft,owed',
    );
    expect(csv.split('\n')[1]).toBe(
      `${String(period.index)},${moment(period.start)},${moment(period.end)},solo,0,60,0,60,0,0,0,0.00,0,0.00,0,0`,
    );
    expect(await json('statements', team)).toMatchObject([
      { period: { index: period.index, start: toIso(period.start) }, paygCents: '0', granted: '60000' },
    ]);
    expect(await did('statements', team)).toMatch(/^ *\d+ +\S+Z +\S+Z +solo +0 +60 /m);
  });
});
