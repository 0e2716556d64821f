import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import autocannon from 'autocannon';
import { millicredits } from '../../src/contracts/millicredits';
import { startPostgres } from '../../src/dev/postgres-server';
import { openLedger, type Ledger } from '../../src/ledger';
import { migrate } from '../../src/ledger/migrations';
import { loadPricing } from '../../src/pricing';

const RATE = 500;
const SECONDS = 60;
const CONNECTIONS = 50;
/** Teams that are read of, each with so many runs of so many charges. */
const TEAMS = 20;
const RUNS = 100;
const CHARGES = 8;

export interface ApiBench {
  readonly rate: number;
  readonly seconds: number;
  readonly connections: number;
  readonly requests: number;
  readonly requestsPerSecond: number;
  readonly lost: { readonly errors: number; readonly timeouts: number; readonly not200: number };
  /** Milliseconds, of what came back when it should have been sent: waiting in line is not left out. */
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly most: number;
  readonly loadAverageBefore: number;
  readonly loadAverageAfter: number;
}

/** 500 reads a second for a minute, of every kind that the page sends, against the API in a process of its own. */
export async function apiBench(seconds = SECONDS, progress: (line: string) => void): Promise<ApiBench> {
  const server = await startPostgres();
  try {
    const url = server.url();
    await migrate(url);
    progress(`${TEAMS} teams with ${RUNS} runs of ${CHARGES} charges each …`);
    const ledger = await openLedger({ databaseUrl: url, rules: loadPricing(), timeoutMs: 60_000 });
    const runs = await Promise.all(Array.from({ length: TEAMS }, (_, team) => fill(ledger, `team-${team}`)));
    await ledger.close();
    const { exportJWK, generateKeyPair, SignJWT } = await import('jose');
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: 'bench', alg: 'ES256' }] };
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', join(__dirname, 'server.ts'), JSON.stringify(keys)],
      {
        env: { ...process.env, DATABASE_URL: url, TEMPORAL_ADDRESS: '127.0.0.1:1' },
        stdio: ['pipe', 'pipe', 'ignore'],
      },
    );
    try {
      const [base] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
      const token = await new SignJWT({ role: 'operator' })
        .setProtectedHeader({ alg: 'ES256', kid: 'bench' })
        .setSubject('bench')
        .setIssuer('bench')
        .setAudience('bench')
        .setExpirationTime('1h')
        .sign(privateKey);
      const headers = { authorization: `Bearer ${token}` };
      const requests = runs.flatMap((ids, team) => readsOf(`team-${team}`, ids));
      for (const { path } of requests) {
        const { status } = await fetch(`${base}${path}`, { headers });
        if (status !== 200) throw new Error(`${path} is answered ${status}: the bench reads what there is`);
      }
      const loadAverageBefore = loadavg()[0] ?? 0;
      progress(`${RATE} requests/s for ${seconds} s, of ${requests.length} addresses …`);
      const result = await autocannon({
        url: base,
        connections: CONNECTIONS,
        overallRate: RATE,
        duration: seconds,
        timeout: 10,
        requests: requests.map(({ path }) => ({ method: 'GET', path, headers })),
      });
      const { latency } = result;
      const answered = result['2xx'];
      return {
        rate: RATE,
        seconds,
        connections: CONNECTIONS,
        requests: answered + result.non2xx,
        requestsPerSecond: (answered + result.non2xx) / result.duration,
        lost: { errors: result.errors, timeouts: result.timeouts, not200: result.non2xx },
        p50: latency.p50,
        p90: latency.p90,
        p99: latency.p99,
        most: latency.max,
        loadAverageBefore,
        loadAverageAfter: loadavg()[0] ?? 0,
      };
    } finally {
      child.stdin.end();
      await once(child, 'close');
    }
  } finally {
    await server.stop();
  }
}

/** What somebody reads who looks at a team's page, a run opened and a report or two. */
function readsOf(team: string, runs: readonly string[]): { readonly path: string }[] {
  const [first = '', second = ''] = runs;
  return [
    '',
    '/usage?by=day',
    '/usage?by=type',
    '/usage?by=flow',
    '/runs?limit=20',
    `/runs/${encodeURIComponent(first)}`,
    `/runs/${encodeURIComponent(second)}`,
    '/line',
    '/statements',
    '/packs',
  ].map((path) => ({ path: `/v1/teams/${team}${path}` }));
}

async function fill(ledger: Ledger, team: string): Promise<readonly string[]> {
  await ledger.submit({
    kind: 'upsertTeam',
    team,
    plan: 'enterprise',
    anchor: '2026-01-01T00:00:00',
    timeZone: 'UTC',
  });
  const credit = millicredits(1_000n);
  const runs = Array.from({ length: RUNS }, (_, run) => `run-${run}:3f2b8a52`);
  await Promise.all(
    runs.map(async (runId, run) => {
      await ledger.submit({
        kind: 'admit',
        team,
        runId,
        workflowId: `run-${run}`,
        executionId: '3f2b8a52',
        flow: `flow ${run % 7}`,
        flowHash: 'bench',
        context: { trigger: 'api', location: 'cloud' },
        mode: 'enforce',
        quotes: [
          {
            rateCard: 'postman-2026-03-01',
            inForceFrom: 0,
            requiresCredits: true,
            least: credit,
            likely: credit,
          },
        ],
        limit: null,
      });
      for (let key = 0; key < CHARGES; key += 1) {
        const type = ['http-request', 'evaluate', 'connector'][key % 3] ?? 'http-request';
        const line = {
          what: type,
          quantity: '1',
          unitMillicredits: '1000',
          millicredits: '1000',
          row: `blocks.${type}`,
          provenance: 'documented',
        } as const;
        const detail = { type, lines: [line], usage: {} };
        await ledger.submit({ kind: 'commit', team, runId, key: `block-${key}`, amount: credit, detail });
      }
      await ledger.submit({ kind: 'close', team, runId, reason: 'completed' });
    }),
  );
  return runs;
}
