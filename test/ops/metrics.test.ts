import { get } from 'node:http';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { openReader, type LedgerReader } from '../../src/ledger/read';
import { ledgerGauges } from '../../src/ops/ledger-gauges';
import { flowCreditsMetrics } from '../../src/ops/metrics';
import { openWorkerOps } from '../../src/ops/worker-ops';
import {
  atEnd,
  testConnection,
  testDatabase,
  testNamespace,
  uniqueName,
  type TestDatabase,
} from '../support';
import { TEST_RULES } from '../ledger/core/rules';
import { admitting, committing, newTeam, openTestLedger, reserving } from '../ledger/store/scene';
import { samplesIn } from './samples';

let database: TestDatabase;
let reader: LedgerReader;

beforeAll(async () => {
  database = await testDatabase();
  reader = openReader(database.url, TEST_RULES);
  atEnd(() => reader.close());
});

async function samplesOf(registry: Registry): Promise<ReadonlyMap<string, number>> {
  return samplesIn(await registry.metrics());
}

async function answerOf(port: number, path: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body });
      });
    }).on('error', reject);
  });
}

describe('what a process measures', () => {
  it('is what its ledgers did while somebody looked, in the caller’s registry', async () => {
    const registry = new Registry();
    const { observer } = flowCreditsMetrics(registry);
    expect(flowCreditsMetrics(registry).observer).toBe(observer);
    const ledger = await openTestLedger(database.url);
    const team = uniqueName('team');
    await ledger.submit(newTeam(team, 'free'));
    const stop = ledger.observe(observer.ledger);
    // A second worker of the same process looks at the same ledger: nothing counts twice.
    const stopSecond = ledger.observe(observer.ledger);
    await ledger.submit(admitting(team, 'run'));
    await ledger.submit(reserving(team, 'run', 'a', 20));
    await ledger.submit(committing(team, 'run', 'a', 20));
    await ledger.submit(committing(team, 'run', 'b', 5));
    await ledger.submit(admitting(team, 'waits'));
    await ledger.submit(admitting('nobody', 'run'));
    const seen = await samplesOf(registry);
    expect(Object.fromEntries(seen)).toMatchObject({
      flow_credits_ledger_queue_operations: 0,
      'flow_credits_ledger_operation_duration_seconds_count{operation="reserve"}': 1,
      'flow_credits_ledger_operation_duration_seconds_count{operation="commit"}': 2,
      'flow_credits_ledger_operations_total{operation="commit",answer="charged"}': 2,
      'flow_credits_ledger_operations_total{operation="admit",answer="refused"}': 1,
      'flow_credits_admissions_total{answer="admitted",reason=""}': 1,
      'flow_credits_admissions_total{answer="waiting",reason="spent"}': 1,
      'flow_credits_admissions_total{answer="rejected",reason="unknown-team"}': 1,
      'flow_credits_events_total{kind="run.waiting"}': 1,
      'flow_credits_events_total{kind="run.released"}': 0,
      // 75 and, with the last charge, 90 and 100 %; the first charge passed 50, too.
      'flow_credits_alerts_total{threshold="usage"}': 4,
    });
    expect(seen.get('flow_credits_ledger_batch_operations_sum')).toBe(6);
    stop();
    stopSecond();
    await ledger.submit(committing(team, 'run', 'c'));
    expect(await samplesOf(registry)).toEqual(seen);
  });

  it('includes what the ledger could not do', async () => {
    const registry = new Registry();
    const ledger = await openTestLedger(database.url);
    ledger.observe(flowCreditsMetrics(registry).observer.ledger);
    await ledger.close();
    await expect(ledger.submit(newTeam('late'))).rejects.toThrow('closed');
    expect(
      (await samplesOf(registry)).get(
        'flow_credits_ledger_operations_total{operation="upsertTeam",answer="unavailable"}',
      ),
    ).toBe(1);
  });

  it('does not disturb a ledger when it fails', async () => {
    const ledger = await openTestLedger(database.url);
    const fail = (): never => {
      throw new Error('an observer that fails is not the ledger’s trouble');
    };
    ledger.observe({ submitted: fail, committed: fail });
    ledger.observe({ submitted: () => fail });
    expect((await ledger.submit(newTeam(uniqueName('team')))).status).toBe('created');
  });
});

describe('what the database knows', () => {
  it('is told over all teams, and is what was charged, held and waited for', async () => {
    const own = await testDatabase();
    const ownReader = openReader(own.url, TEST_RULES);
    atEnd(() => ownReader.close());
    const registry = new Registry();
    ledgerGauges(registry, ownReader, { keptMs: -1 });
    expect(Object.fromEntries(await samplesOf(registry))).toMatchObject({
      flow_credits_ledger_up: 1,
      'flow_credits_teams{status="active"}': 0,
      flow_credits_waiting_runs: 0,
      flow_credits_longest_wait_seconds: 0,
    });
    const ledger = await openTestLedger(own.url);
    await ledger.submit(newTeam('one', 'free'));
    await ledger.submit(newTeam('two', 'free'));
    await ledger.submit(admitting('one', 'a', 3));
    await ledger.submit(admitting('two', 'a', 4));
    await ledger.submit(committing('two', 'a', 'k', 30));
    expect((await ledger.submit(admitting('two', 'b'))).status).toBe('waiting');
    await ledger.submit(committing('two', 'a', 'l', 1));
    await own.pool.query("UPDATE flow_credits.events SET status = 'dead' WHERE kind = 'run.waiting'");
    expect(Object.fromEntries(await samplesOf(registry))).toMatchObject({
      'flow_credits_teams{status="active"}': 2,
      flow_credits_waiting_runs: 1,
      flow_credits_open_runs: 2,
      flow_credits_held_credits: 3,
      flow_credits_overdraft_credits: 6,
      flow_credits_payg_charged_credits: 0,
      flow_credits_teams_to_wake: 0,
      flow_credits_teams_overdue: 0,
      'flow_credits_events{status="dead"}': 1,
    });
  });

  it('is asked for once in a while, and is absent while it cannot be told', async () => {
    let asked = 0;
    const registry = new Registry();
    const totals = () => Promise.reject(new Error(String((asked += 1))));
    ledgerGauges(registry, { totals }, { keptMs: 60_000 });
    await registry.metrics();
    const samples = await samplesOf(registry);
    expect(asked).toBe(1);
    expect(samples).toEqual(new Map([['flow_credits_ledger_up', 0]]));
  });
});

describe('a database that is silent', () => {
  it('is not waited for: what the process measured is told without it', async () => {
    const registry = new Registry();
    ledgerGauges(registry, { totals: () => new Promise(() => undefined) }, { withinMs: 10 });
    expect(await samplesOf(registry)).toEqual(new Map([['flow_credits_ledger_up', 0]]));
  });
});

describe('the port of a worker process', () => {
  it('tells what is there, what is not yet, and what was measured', async () => {
    const ops = await openWorkerOps({ port: 0, host: '127.0.0.1', reader, namespace: testNamespace() });
    atEnd(() => ops.close());
    expect(await answerOf(ops.port, '/health')).toMatchObject({ status: 200 });
    const early = await answerOf(ops.port, '/ready');
    expect({ status: early.status, body: JSON.parse(early.body) as unknown }).toMatchObject({
      status: 503,
      body: {
        status: 'not ready',
        checks: {
          postgres: { status: 'up' },
          temporal: { status: 'down', reason: 'NotConnected' },
          worker: { status: 'down', reason: 'STARTING' },
        },
      },
    });
    const { body } = await answerOf(ops.port, '/metrics');
    expect(body).toMatch(
      /^flow_credits_build_info\{version="\d+\.\d+\.\d+",node="v\d+.*",component="worker"\} 1$/m,
    );
    expect(body).toMatch(/^flow_credits_ledger_up 1$/m);
    expect(body).toMatch(/^process_cpu_seconds_total /m);
    expect(await answerOf(ops.port, '/other')).toMatchObject({ status: 404 });
    const posted = await fetch(`http://127.0.0.1:${ops.port}/ready`, { method: 'POST' });
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);

    const there = await openWorkerOps({ port: 0, host: '127.0.0.1', reader, namespace: testNamespace() });
    atEnd(() => there.close());
    there.connected(await testConnection());
    there.working({ getState: () => 'RUNNING' });
    expect(await answerOf(there.port, '/ready')).toMatchObject({ status: 200 });
  });

  it('that is taken is told', async () => {
    const options = { host: '127.0.0.1', reader, namespace: testNamespace() };
    const ops = await openWorkerOps({ port: 0, ...options });
    atEnd(() => ops.close());
    await expect(openWorkerOps({ port: ops.port, ...options })).rejects.toThrow('EADDRINUSE');
  });
});
