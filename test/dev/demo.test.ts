import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Checks, DemoFailed, type DemoFacts, type RunFacts } from '../../src/dev/demo/facts';
import { Narrator } from '../../src/dev/demo/narrator';
import { missingPackages } from '../../src/dev/demo/packages';
import { cut } from '../../src/dev/demo/screen';
import { skipped } from '../../src/dev/demo/story/agent';
import { AGENT, anchorOf, FREE, RESET, SOLO } from '../../src/dev/demo/teams';
import { aligned, shown } from '../../src/dev/demo/text';
import { periodAt } from '../../src/ledger/core/periods';
import { eventually } from '../support/eventually';
import { isGone, leftovers, ROOT, temporaryFolder } from './processes';

// Three stacks, one after the other, on a machine that may have other things to do.
jest.setTimeout(300_000);

interface Demo {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly errors: () => string;
  readonly status: Promise<number | NodeJS.Signals>;
}

let tmp: string;
let started: ChildProcess | null = null;
beforeEach(() => {
  tmp = temporaryFolder();
});
afterEach(async () => {
  // A test that failed half way.
  if (started !== null && started.exitCode === null && started.signalCode === null) {
    started.kill('SIGKILL');
    await once(started, 'close');
  }
  started = null;
  rmSync(tmp, { recursive: true, force: true });
});

/** Runs the command on nothing but this machine, with its temporary files in `tmp`. */
function demo(args: readonly string[], settings: NodeJS.ProcessEnv = {}): Demo {
  const { TEMPORAL_ADDRESS: _address, DATABASE_URL: _url, ...env } = process.env;
  const child = spawn(process.execPath, ['--import', 'tsx', join(ROOT, 'src/cli/bin.ts'), 'demo', ...args], {
    cwd: ROOT,
    env: { ...env, TMPDIR: tmp, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started = child;
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString('utf8')));
  const status = once(child, 'close').then(
    ([code, signal]: (number | NodeJS.Signals | null)[]) => code ?? signal ?? 0,
  );
  return { child, output: () => output, errors: () => errors, status };
}

/** Processes that `pid` started, directly: the servers and the guardian among them. */
function childrenOf(pid: number): { pid: number; command: string }[] {
  return execFileSync('ps', ['-A', '-o', 'pid=,ppid=,comm='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, parent]) => Number(parent) === pid)
    .map(([child, , ...command]) => ({ pid: Number(child), command: command.join(' ') }));
}

/** The demo's servers and their guardian, once they are there. */
async function serversOf({ child, errors }: Demo): Promise<number[]> {
  return eventually(
    () => {
      const children = childrenOf(child.pid ?? 0);
      const commands = children.map(({ command }) => command).join(' ');
      if (child.exitCode !== null) throw new Error(errors());
      expect(commands).toMatch(/temporal/);
      expect(commands).toMatch(/postgres/);
      return children.map(({ pid }) => pid);
    },
    { timeoutMs: 60_000 },
  );
}

async function expectGone(pids: readonly number[]): Promise<void> {
  await eventually(() => {
    expect(pids.filter((pid) => !isGone(pid))).toEqual([]);
    expect(leftovers(tmp)).toEqual([]);
  });
}

function chargesOf(runs: readonly RunFacts[], flow: string): string[] {
  return runs.filter((run) => run.flow === flow).map(({ charged }) => charged);
}

/** A team's statements without who and when. */
function statementsOf({ statements }: DemoFacts, team: string): object[] {
  return statements
    .filter((statement) => statement.team === team)
    .map(({ team: _team, from: _from, to: _to, ...amounts }) => amounts);
}

const NOTHING = { opening: '0', withdrawn: '0', closing: '0' };

describe('flow-credits demo', () => {
  it('tells what happened, exact to the millicredit, and leaves nothing behind', async () => {
    const running = demo(['--json']);
    const servers = await serversOf(running);
    expect({ status: await running.status, errors: running.errors() }).toMatchObject({ status: 0 });
    const facts = JSON.parse(running.output()) as DemoFacts;
    expect(facts.rateCard).toBe('postman-2026-03-01');

    const { free, solo, reset } = facts;
    expect(free.inFlight).toBe(4);
    expect(free.runs.slice(0, 4).map(({ sources }) => sources)).toEqual([
      { 'grant:1': '8000' },
      { 'grant:1': '8000' },
      { 'grant:1': '8000' },
      { 'grant:1': '1000', overdraft: '7000' },
    ]);
    expect(free.runs[4]?.admission).toMatchObject({ status: 'waiting', place: 1, reason: 'held' });
    expect(free.runs[5]?.admission).toMatchObject({ status: 'waiting', place: 2, reason: 'held' });
    expect(free.runs[7]?.admission).toMatchObject({ status: 'waiting', place: 3, reason: 'spent' });
    expect(free.localRun).toMatchObject({ flow: 'local-logic', charged: '0', status: 'closed' });
    expect(free.localRun.admission).toMatchObject({ status: 'admitted', held: '0' });
    expect(free.paygRefusal.reason).toBe('not-on-plan');
    expect(free.line).toEqual(['acorn-5', 'acorn-6', 'acorn-8']);
    expect(free.releasedByReset).toEqual(free.line);

    const atOnce = ['4000', '4000', '4000', '4000', '3000', '3000', '3000', '3000', '3000', '3000'];
    expect(chargesOf(solo.runs, 'order-check').sort()).toEqual([...atOnce, '4000', '3000'].sort());
    expect(solo.line).toEqual(['birch-13', 'birch-14', 'birch-15', 'birch-16', 'birch-17']);
    expect(solo.released).toEqual(solo.line);
    expect(solo.runs.slice(12).map(({ sources }) => sources)).toEqual(
      ['8000', '4000', '6000', '1000', '3000'].map((payg) => ({ payg })),
    );
    expect(solo.preview).toEqual({ least: '13000', most: '23000' });

    expect(chargesOf(reset.runs, 'onboarding')).toEqual(['6000', '6000']);
    expect(chargesOf(reset.runs, 'eight-requests')).toEqual(Array.from({ length: 15 }, () => '8000'));
    expect(new Set(reset.line).size).toBe(4);
    expect(reset.released).toEqual(reset.line);
    expect(reset.available).toBe('68000');

    const { agent } = facts;
    if (agent.status === 'skipped') throw new Error(`missing: ${agent.missing.join(', ')}`);
    expect(agent).toMatchObject({
      answer: '100 orders come to 7450',
      modelCalls: 6,
      toolCalls: { 'get-sum': 100, echo: 1 },
    });
    const tool = {
      quantity: '1',
      unitMillicredits: '2000',
      millicredits: '2000',
      row: 'blocks.ai-agent.mcpTool',
      provenance: 'documented',
    };
    expect(agent.lines).toEqual([
      {
        what: 'gpt-4o-mini model call',
        quantity: '6',
        unitMillicredits: '1000',
        millicredits: '6000',
        row: 'blocks.ai-agent.models.gpt-4o-mini',
        provenance: 'assumed',
      },
      { ...tool, what: 'MCP tool echo on everything' },
      { ...tool, what: 'MCP tool get-sum on everything' },
    ]);
    expect(agent.runs.map(({ charged, sources }) => ({ charged, sources }))).toEqual([
      { charged: '10000', sources: { 'grant:1': '10000' } },
    ]);

    const all = [...free.runs, ...solo.runs, ...reset.runs, ...agent.runs];
    expect(new Set(all.map(({ status }) => status))).toEqual(new Set(['closed']));

    expect(statementsOf(facts, 'acorn')).toEqual([
      {
        ...NOTHING,
        plan: 'free',
        granted: '25000',
        charged: '25000',
        expired: '0',
        payg: '0',
        paygCents: '0',
        overdraft: '7000',
      },
    ]);
    expect(statementsOf(facts, 'birch')).toEqual([
      {
        ...NOTHING,
        plan: 'solo',
        granted: '50000',
        charged: '50000',
        expired: '0',
        payg: '22000',
        paygCents: '2',
        overdraft: '0',
      },
    ]);
    const cedar = { ...NOTHING, plan: 'team', granted: '100000', payg: '0', paygCents: '0', overdraft: '0' };
    expect(statementsOf(facts, 'cedar')).toEqual([
      { ...cedar, charged: '100000', expired: '0' },
      { ...cedar, charged: '32000', expired: '68000' },
    ]);
    expect(statementsOf(facts, 'dogwood')).toEqual([
      {
        ...NOTHING,
        plan: 'solo',
        granted: '50000',
        charged: '10000',
        expired: '40000',
        payg: '0',
        paygCents: '0',
        overdraft: '0',
      },
    ]);
    // 22 runs of eight requests, 5 orders for review, 3 of onboarding with a request and a connector's call each.
    expect(facts.requestsServed).toBeGreaterThanOrEqual(22 * 8 + 5 + 3 * 2);
    expect(facts.verify).toMatchObject({
      clean: true,
      violations: 0,
      teams: 4,
      runs: all.length,
      statements: 5,
    });
    await expectGone(servers);
  });

  it('is told in plain lines where there is no terminal', async () => {
    const running = demo([]);
    const servers = await serversOf(running);
    await eventually(
      () =>
        running.output().includes('ok turning pay-as-you-go on is refused') ||
        running.child.exitCode !== null,
      {
        timeoutMs: 90_000,
      },
    );
    expect(running.output()).toContain('acorn-5 eight-requests: waits, place 1');
    expect(running.output()).toMatch(/Temporal UI +http:\/\/127\.0\.0\.1:\d+\n/);
    expect(running.output()).not.toContain('\u001b');

    running.child.kill('SIGINT');
    expect({ status: await running.status, errors: running.errors() }).toEqual({
      status: 130,
      errors: expect.stringMatching(/stopping …\n$/),
    });
    await expectGone(servers);
  });

  it('stops while it is still starting', async () => {
    const running = demo(['--json']);
    const servers = await serversOf(running);
    running.child.kill('SIGINT');
    expect({ status: await running.status, errors: running.errors() }).toEqual({
      status: 130,
      errors: expect.stringMatching(/stopping …\n$/),
    });
    expect(running.output()).toBe('');
    await expectGone(servers);
  });
});

describe("the demo's parts", () => {
  it('end it by what was claimed and what was found', () => {
    const checks = new Checks();
    checks.equal('one is one', 1n, 1n);
    expect(() => {
      checks.sameOrder('the line went in order', ['b', 'a'], ['a', 'b']);
    }).toThrow(new DemoFailed('this did not happen: the line went in order. Found: b, a, not a, b'));
    expect(checks.held).toBe(1);
  });

  it('give every team a period that has begun and ends in the order of the story, on any day', () => {
    for (let day = 0; day < 3 * 365; day += 1) {
      const now = Date.UTC(2026, 0, 1, 13) + day * 86_400_000;
      const periods = [RESET, FREE, SOLO, AGENT].map((team) => periodAt(anchorOf(team, now), 'UTC', 0));
      const next = periodAt(anchorOf(RESET, now), 'UTC', 1);
      const ends = [now, ...periods.map(({ end }) => end), next.end];
      expect(periods.every(({ start }) => start < now)).toBe(true);
      expect(new Set(ends).size).toBe(ends.length);
      expect([...ends].sort((a, b) => a - b)).toEqual(ends);
      expect(periodAt(anchorOf(FREE, now), 'UTC', 1).end).toBeGreaterThan(next.end);
    }
  });

  it('say what the agent needs where it is not installed, and go on', async () => {
    expect(missingPackages()).toEqual([]);
    const without = missingPackages((file) => {
      if (file !== 'openai') throw new Error(`Cannot find module '${file}'`);
      return file;
    });
    expect(without).toEqual(['@modelcontextprotocol/sdk', '@modelcontextprotocol/server-everything']);
    const lines: string[] = [];
    const print = (line: string): number => lines.push(line);
    const act = await skipped(new Narrator({ live: false, print, show: () => undefined }), without);
    expect(act).toEqual({ stage: null, facts: { status: 'skipped', missing: without } });
    expect(lines[0]).toBe(
      '  Skipped: it needs @modelcontextprotocol/sdk, @modelcontextprotocol/server-everything, which this installation does not have.',
    );
  });

  it('align tables, numbers to the right', () => {
    const rows = [
      ['what', 'credits'],
      ['a tool', '2'],
    ];
    expect(aligned(rows, (column) => column === 1)).toBe('what    credits\na tool        2');
  });

  it('show an address without its password', () => {
    expect(shown('postgres://ada:secret@db.example/credits')).toBe('postgres://ada:***@db.example/credits');
    expect(shown('postgres://ada@db.example/credits')).toBe('postgres://ada@db.example/credits');
  });

  it('cut a line by what is seen of it', () => {
    expect(cut('\u001b[1mbold\u001b[22m and plain', 6)).toBe('\u001b[1mbold\u001b[22m a');
    expect(cut('short', 80)).toBe('short');
  });
});
