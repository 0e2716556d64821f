import { describe, expect, it } from '@jest/globals';
import { metered, type Attempt, type Meter, type MeteredItem } from '../../src/activities/metering';
import { commitUsage } from '../../src/activities/commit-usage';
import { type ActivityReader, type Submitter } from '../../src/activities/deps';
import { credits, ZERO } from '../../src/contracts/millicredits';
import { type Usage } from '../../src/contracts/usage';
import { MemoryLedger } from '../../src/ledger/core';
import { type Operation, type ResultOf } from '../../src/ledger/core/operations';
import { loadPricing } from '../../src/pricing';

const NOW = Date.parse('2026-11-24T00:00:00Z');
const pricing = loadPricing();
const card = pricing.cardAt(NOW);
if (card === null) throw new Error('no rate card');
const rateCard = card;

/** The very rules of the ledger, in memory, with a switch that takes it away. */
class Books implements Submitter {
  readonly ledger = new MemoryLedger(pricing);
  readonly asked: Operation['kind'][] = [];
  away: ReadonlySet<Operation['kind']> = new Set();

  submit<O extends Operation>(operation: O): Promise<ResultOf<O>> {
    this.asked.push(operation.kind);
    if (this.away.has(operation.kind)) return Promise.reject(new Error('connection refused'));
    const answer: ResultOf<O> = this.ledger.submit(operation, NOW);
    return new Promise((resolve) => {
      resolve(answer);
    });
  }
}

const run = {
  team: 'acme',
  runId: 'w:e',
  rateCard: rateCard.id,
  context: { trigger: 'api', location: 'cloud' },
  kind: 'flow',
} as const;

async function books(limit: bigint | null = null): Promise<Books> {
  const all = new Books();
  await all.submit({
    kind: 'upsertTeam',
    team: 'acme',
    plan: 'solo',
    anchor: '2026-11-01T00:00:00',
    timeZone: 'UTC',
  });
  await all.submit({
    kind: 'admit',
    team: 'acme',
    runId: run.runId,
    workflowId: 'w',
    executionId: 'e',
    flow: 'f',
    flowHash: 'h',
    context: run.context,
    mode: 'enforce',
    quotes: [
      {
        rateCard: rateCard.id,
        inForceFrom: Date.parse(rateCard.inForceFrom),
        requiresCredits: true,
        least: credits(1),
        likely: credits(1),
      },
    ],
    limit: limit === null ? null : credits(limit),
  });
  all.asked.length = 0;
  return all;
}

function meter(ledger: Submitter): Meter {
  return {
    ledger,
    card: rateCard,
    deadlines: { reserveMs: 50, commitMs: 50, localMs: 50, admitMs: 50 },
    warn: () => undefined,
  };
}

const request: MeteredItem = { run, key: 'a', type: 'http-request', rows: 'blocks', likely: credits(1) };

function attempt(
  outcome: string | Error,
  { usage = null, verdict = 'final' }: { usage?: Usage | null; verdict?: 'final' | 'retried' } = {},
): Attempt<string> & { readonly executions: () => number } {
  let executions = 0;
  return {
    executions: () => executions,
    execute: () => {
      executions += 1;
      return outcome instanceof Error ? Promise.reject(outcome) : Promise.resolve(outcome);
    },
    usage: () => usage,
    judge: () => verdict,
  };
}

const failure = new Error('no');

describe('a metered block', () => {
  it('reserves, executes and commits', async () => {
    const all = await books();
    const done = await metered(meter(all), request, attempt('ok'));
    expect(done).toEqual({
      status: 'done',
      result: 'ok',
      settled: { charged: credits(1), uncommitted: null },
    });
    expect(all.asked).toEqual(['reserve', 'commit']);
  });

  it('that costs nothing makes no ledger call', async () => {
    const all = await books();
    const free = { ...request, type: 'start', likely: ZERO };
    const done = await metered(meter(all), free, attempt('ok'));
    expect(done).toMatchObject({ status: 'done', settled: { charged: 0n } });
    expect(all.asked).toEqual([]);
  });

  it('executes once, and hands its usage on, while the ledger is away', async () => {
    const all = await books();
    all.away = new Set(['reserve', 'commit']);
    const one = attempt('ok');
    const done = await metered(meter(all), request, one);
    expect(done).toEqual({
      status: 'done',
      result: 'ok',
      settled: {
        charged: null,
        uncommitted: { key: 'a', type: 'http-request', usage: {}, rows: 'blocks', failed: false },
      },
    });
    expect(one.executions()).toBe(1);
  });

  it('whose last attempt failed gives back what it reserved', async () => {
    const all = await books();
    const done = await metered(meter(all), request, attempt(failure));
    expect(done).toMatchObject({ status: 'failed', settled: { charged: 0n, uncommitted: null } });
    expect(all.asked).toEqual(['reserve', 'unreserve']);
    expect(all.ledger.team('acme')?.runs.get(run.runId)).toMatchObject({ reservations: {}, charged: 0n });
  });

  it('whose attempt is retried commits nothing and keeps its reservation', async () => {
    const all = await books();
    const usage = { modelCalls: [{ model: 'gpt-4o', calls: 1 }] };
    const done = await metered(meter(all), request, attempt(failure, { usage, verdict: 'retried' }));
    expect(done).toEqual({ status: 'retried', error: failure });
    expect(all.asked).toEqual(['reserve']);
    expect(all.ledger.team('acme')?.runs.get(run.runId)?.reservations).toEqual({ a: credits(1) });
  });

  it('that failed for good is charged for what it used, never its fixed price', async () => {
    const all = await books();
    const done = await metered(meter(all), request, attempt(failure, { usage: {} }));
    expect(done).toMatchObject({ status: 'failed', settled: { charged: 0n } });
    const agent = { ...request, key: 'b', type: 'ai-agent' };
    const usage = { mcpTools: [{ server: 'https://tools.example', tool: 'search', calls: 9 }] };
    const used = await metered(meter(all), agent, attempt(failure, { usage }));
    expect(used).toMatchObject({ status: 'failed', settled: { charged: credits(2) } });
  });

  it('is charged once, however often it is executed', async () => {
    const all = await books();
    await metered(meter(all), request, attempt('first'));
    const again = await metered(meter(all), request, attempt('second'));
    expect(again).toMatchObject({ status: 'done', result: 'second', settled: { charged: credits(1) } });
    expect(all.ledger.team('acme')?.runs.get(run.runId)?.charged).toBe(credits(1));
  });

  it('is not executed over the limit of its run', async () => {
    const all = await books(1n);
    await metered(meter(all), request, attempt('ok'));
    const over = attempt('never');
    await expect(metered(meter(all), { ...request, key: 'b' }, over)).rejects.toMatchObject({
      type: 'RunCreditLimitReached',
      nonRetryable: true,
    });
    expect(over.executions()).toBe(0);
  });

  it('whose usage nobody can price fails, and is not executed again', async () => {
    const all = await books();
    const agent = { ...request, type: 'ai-media' };
    const one = attempt('ok', { usage: { model: 'some-model' } });
    const done = await metered(meter(all), agent, one);
    expect(done).toMatchObject({ status: 'failed', settled: { charged: 0n } });
    expect(one.executions()).toBe(1);
    expect(all.ledger.team('acme')?.runs.get(run.runId)?.reservations).toEqual({});
  });
});

/** There is nothing to read. */
const NOBODY: ActivityReader = {
  run: () => Promise.resolve(null),
  now: () => Promise.resolve(0),
  dueTeams: () => Promise.resolve({ teams: [], next: null }),
  openRuns: () => Promise.resolve([]),
  untold: () => Promise.resolve([]),
  teamsToWake: () => Promise.resolve([]),
};

describe('what is recorded of a charge', () => {
  const agent: MeteredItem = { ...request, key: 'ask', type: 'ai-agent' };
  const usage: Usage = { modelCalls: [{ model: 'gpt-4o', calls: 1 }] };

  it('says that the block failed, so that it can be priced again; also when its usage is committed later', async () => {
    const all = await books();
    const failed = await metered(meter(all), agent, attempt(failure, { usage }));
    expect(failed).toMatchObject({ status: 'failed' });
    await metered(meter(all), { ...agent, key: 'well' }, attempt('ok', { usage }));
    all.away = new Set(['commit']);
    const late = await metered(meter(all), { ...agent, key: 'late' }, attempt(failure, { usage }));
    all.away = new Set();
    const used = late.status === 'failed' ? late.settled.uncommitted : null;
    if (used === null) throw new Error('the usage was not handed over');
    const deps = {
      ledger: all,
      pricing,
      deadlines: meter(all).deadlines,
      searchAttributes: false,
      reader: NOBODY,
    };
    await commitUsage(deps, { run, used });
    const details = all.ledger
      .team('acme')
      ?.entries.flatMap(({ key, detail }) => (detail === null ? [] : [[key, detail.failed]]));
    expect(details).toEqual([
      ['ask', true],
      ['well', undefined],
      ['late', true],
    ]);
  });
});
