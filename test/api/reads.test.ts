import { beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ZERO } from '../../src/contracts/millicredits';
import { callsInTurn } from '../workflows/desk';
import { openApiDesk, type ApiDesk } from './desk';

let desk: ApiDesk;
/** A flow that a spreadsheet would take for a formula. */
const FORMULA = '=HYPERLINK("https://evil.test","x")';
let team: string;
let run: string;

beforeAll(async () => {
  desk = await openApiDesk();
  desk.gate.open();
  team = await desk.team('enterprise', { timeZone: 'Asia/Tokyo' });
  const flow = { ...callsInTurn(desk.gate.url, ['a', 'b']), name: FORMULA };
  const started = await desk.start(team, [], { flow });
  await started.result();
  run = started.runId;
  await desk.client.reverseCharge(team, { actor: 'olga', runId: run, key: 'a', line: 0, reason: 'down' });
  await desk.client.addCredits(team, {
    actor: 'olga',
    credits: '7',
    note: '@note',
    paid: { amount: '1', currency: 'EUR' },
  });
});

const as = (): { role: 'billing-admin'; team: string } => ({ role: 'billing-admin', team });

async function json(path: string): Promise<unknown> {
  const answer = await desk.ask(path.startsWith('/v1') ? path : `/v1/teams/${team}${path}`, as());
  expect({ path, status: answer.statusCode }).toEqual({ path, status: 200 });
  return answer.json<unknown>();
}

async function csv(path: string): Promise<string[]> {
  const answer = await desk.ask(`/v1/teams/${team}${path}`, as(), { headers: { accept: 'text/csv' } });
  expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8');
  return answer.body.trim().split('\n');
}

describe('reads', () => {
  it('tell who asks', async () => {
    expect(await json('/v1/me')).toMatchObject({ actor: 'billing-admin@test', role: 'billing-admin', team });
  });

  it('tell what a team has', async () => {
    expect(await json('')).toMatchObject({
      team,
      plan: 'enterprise',
      timeZone: 'Asia/Tokyo',
      credits: {
        included: { granted: '500000', charged: '1000', held: '0', available: '499000' },
        packs: { granted: '7000', charged: '0', held: '0', available: '7000' },
        adjustments: { granted: '0' },
      },
      charged: '1000',
      spendable: '506000',
      payAsYouGo: { eligible: true, enabled: false, rate: { microUsd: '10000000', credits: '10000' } },
      waiting: 0,
      version: expect.stringMatching(/^\d+\.\d+$/),
    });
  });

  it('tell usage by day, flow, type and run, for a period or a span', async () => {
    const amounts = { charges: 2, amount: '1000', reversed: '1000', included: '1000', payg: '0' };
    const keys = { flow: FORMULA, type: 'http-request', run };
    const { index } = (await desk.reader.team(team))?.period ?? { index: NaN };
    for (const [by, key] of Object.entries(keys)) {
      expect(await json(`/usage?by=${by}`)).toMatchObject({
        by,
        items: [{ key, ...amounts }],
        total: amounts,
        period: index,
      });
    }
    expect(await json('/usage?period=-1')).toMatchObject({ items: [], period: -1 });
    expect(await json('/usage?by=flow&from=2000-01-01T00:00:00Z')).toMatchObject({
      period: null,
      total: amounts,
    });
  });

  it('explain every charge of a run', async () => {
    expect(await json(`/runs/${encodeURIComponent(run)}`)).toMatchObject({
      runId: run,
      status: 'closed',
      closeReason: 'completed',
      charged: '2000',
      reversed: '1000',
      chargeCount: 2,
      charges: {
        items: [
          {
            key: 'a',
            type: 'http-request',
            lines: [
              {
                row: 'blocks.http-request',
                provenance: 'documented',
                source: expect.stringContaining('Postman'),
              },
            ],
            sources: [{ source: 'included', grant: 1, millicredits: '1000' }],
            reversals: [{ line: 0, millicredits: '1000' }],
          },
          { key: 'b', reversals: [] },
        ],
        nextCursor: null,
      },
    });
  });

  it('tell plans and rate cards, each row with where it comes from', async () => {
    expect(await json('/v1/plans')).toMatchObject({
      items: [
        { plan: 'free' },
        { plan: 'solo' },
        { plan: 'team' },
        { plan: 'enterprise', includedMillicredits: '500000' },
      ],
      origins: { includedCredits: { provenance: 'documented' } },
    });
    const cards = z
      .object({
        items: z.array(
          z.looseObject({
            id: z.string(),
            inForce: z.boolean(),
            rows: z.array(z.looseObject({ path: z.string(), provenance: z.string(), source: z.string() })),
          }),
        ),
      })
      .parse(await json('/v1/rate-cards'));
    expect(cards.items.map(({ id, inForce }) => [id, inForce])).toEqual([
      ['postman-2026-03-01', true],
      ['postman-before-2026-03-01', false],
    ]);
    const rows = cards.items.flatMap(({ rows: of }) => of);
    expect(rows.every(({ source }) => source.length > 10)).toBe(true);
    expect(rows).toContainEqual(
      expect.objectContaining({ path: 'run.cloud', price: 'per-run', millicredits: '1000' }),
    );
    expect(rows).toContainEqual(
      expect.objectContaining({ path: 'blocks.ai-agent.mcpTool', price: 'per-tool', millicredits: '2000' }),
    );
  });

  it('tell what a flow would cost, what pay-as-you-go would do, and that a forecast takes days', async () => {
    const answer = await desk.ask('/v1/estimates', as(), {
      method: 'POST',
      body: { flow: callsInTurn('https://a.test', ['a', 'b', 'c']), trigger: 'api' },
    });
    expect(answer.json()).toEqual({
      rateCard: 'postman-2026-03-01',
      trigger: 'api',
      location: 'cloud',
      requiresCredits: true,
      least: '3000',
      likely: '3000',
      most: '3000',
    });
    expect(await json('/pay-as-you-go/preview?capUsd=25')).toMatchObject({
      allowed: true,
      waiting: 0,
      atOnce: { capMicroUsd: '25000000', runs: 0 },
    });
    expect(await json('/forecast')).toMatchObject({
      status: 'too-little-data',
      day: null,
      daysNeeded: 3,
      remaining: '506000',
    });
  });

  it('tell the day the credits run out when there were days', async () => {
    const spender = await desk.team('solo');
    const day = (): Promise<unknown> =>
      desk.pool.query('UPDATE flow_credits.ledger_clock SET offset_ms = offset_ms + 86400000');
    for (let days = 0; days < 4; days += 1) {
      await (await desk.start(spender, ['a', 'b', 'c', 'd'])).result();
      await day();
    }
    const forecast = await desk.ask(`/v1/teams/${spender}/forecast`, { role: 'viewer', team: spender });
    // Four credits a day; the period may have ended meanwhile, and then 50 are left of it.
    expect(forecast.json()).toMatchObject({
      status: expect.stringMatching(/^(runs-out|lasts)$/),
      basis: { days: 4, used: '16000' },
    });
  });

  it('quote what a spreadsheet would take for a formula, and keep numbers', async () => {
    const [head, row] = await csv('/runs');
    expect(head).toMatch(/^runId,workflowId,flow,/);
    expect(row).toContain(`"'=HYPERLINK(""https://evil.test"",""x"")"`);
    expect(row).toMatch(/,2$/);
    expect((await csv('/usage?by=flow&from=2000-01-01T00:00:00Z'))[1]).toMatch(/^"'=HYPERLINK/);
    expect((await csv('/packs'))[1]).toContain("'@note");
    for (const list of ['line', 'statements', 'adjustments', 'events', 'audit']) {
      expect((await csv(`/${list}`)).length).toBeGreaterThan(0);
    }
    const next = await desk.ask(`/v1/teams/${team}/audit?limit=1`, as(), { headers: { accept: 'text/csv' } });
    const [, link = ''] = /^<([^>]+)>; rel="next"$/.exec(String(next.headers.link)) ?? [];
    const second = await desk.ask(link, as(), { headers: { accept: 'text/csv' } });
    expect(second.statusCode).toBe(200);
    expect(second.body).not.toBe(next.body);
  });

  it('as CSV have credits and dollars, named so, where JSON has millicredits and cents', async () => {
    const heads: Record<string, string> = {
      '/runs':
        'runId,workflowId,flow,status,closeReason,trigger,location,rateCard,askedAt,admittedAt,endedAt,heldCredits,chargedCredits',
      '/usage?by=type':
        'key,workflowId,flow,charges,credits,reversedCredits,includedCredits,purchasedCredits,adjustmentCredits,payAsYouGoCredits,overdraftCredits',
      '/line': 'place,runId,workflowId,flow,trigger,since,holdCredits,likelyCredits,reason,goesAt',
      '/statements':
        'period,start,end,plan,openingCredits,grantedCredits,chargedCredits,expiredCredits,withdrawnCredits,closingCredits,payAsYouGoCredits,payAsYouGoUsd,payAsYouGoReversedCredits,payAsYouGoReversedUsd,overdraftCredits,owedCredits',
      '/packs':
        'grant,status,grantedAt,expiresAt,grantedCredits,usedCredits,heldCredits,leftCredits,expiredCredits,withdrawnCredits,note,paid,currency,reference',
      '/adjustments':
        'grant,status,grantedAt,expiresAt,grantedCredits,usedCredits,heldCredits,leftCredits,expiredCredits,withdrawnCredits,note',
      '/audit': 'entry,at,kind,actor,reason,requestId,credits,run,key',
      '/events': 'id,type,timestamp,delivery,data',
    };
    for (const [path, head] of Object.entries(heads)) {
      expect({ path, head: (await csv(path))[0] }).toEqual({ path, head });
    }
    expect((await csv('/usage?by=type&from=2000-01-01T00:00:00Z'))[1]).toBe('http-request,,,2,1,1,1,0,0,0,0');
    const months = await desk.team('enterprise');
    const by = { actor: 'olga' };
    await desk.client.setPayAsYouGo(months, { ...by, enabled: true, uncapped: true });
    await desk.client.adjustCredits(months, { ...by, credits: '-498.765', reason: 'to little' });
    await (await desk.start(months, ['a', 'b', 'c', 'd', 'e', 'f', 'g'])).result();
    await desk.pool.query('UPDATE flow_credits.ledger_clock SET offset_ms = offset_ms + $1', [
      32 * 86_400_000,
    ]);
    await desk.client.adjustCredits(months, { ...by, credits: '1', reason: 'the month is over' });
    const [statement] = (await desk.reader.statements(months)).slice(-1);
    expect(statement).toMatchObject({ charged: 1_235n, payg: 5_765n, paygCents: 1n });
    const answer = await desk.ask(
      `/v1/teams/${months}/statements`,
      { role: 'viewer', team: months },
      {
        headers: { accept: 'text/csv' },
      },
    );
    expect(answer.body.split('\n')[1]).toMatch(
      /,enterprise,0,500,1\.235,0,498\.765,0,5\.765,0\.01,0,0\.00,0,0$/,
    );
  });

  it('as CSV come in pages as large as they may be, unless told', async () => {
    const asCsv = { headers: { accept: 'text/csv' } };
    const all = await desk.team('solo');
    for (let count = 0; count < 51; count += 1) {
      await desk.ledger.submit({
        ...{ kind: 'admit', team: all, runId: `r${String(count)}`, workflowId: 'w', executionId: 'e' },
        ...{ flow: 'f', flowHash: 'h', context: { trigger: 'api', location: 'cloud' }, mode: 'enforce' },
        quotes: [
          {
            rateCard: 'postman-2026-03-01',
            inForceFrom: 0,
            requiresCredits: false,
            least: ZERO,
            likely: ZERO,
          },
        ],
        limit: null,
      });
    }
    const viewer = { role: 'viewer', team: all } as const;
    const whole = await desk.ask(`/v1/teams/${all}/runs`, viewer, asCsv);
    expect(whole.body.trim().split('\n')).toHaveLength(52);
    expect(whole.headers).not.toHaveProperty('link');
    expect((await desk.ask(`/v1/teams/${all}/runs`, viewer)).json()).toMatchObject({
      items: { length: 50 },
      nextCursor: expect.any(String),
    });
    const told = await desk.ask(`/v1/teams/${all}/runs?limit=10`, viewer, asCsv);
    expect(told.body.trim().split('\n')).toHaveLength(11);
    expect(told.headers.link).toContain('limit=10');
  });

  it('are JSON to whoever takes both', async () => {
    for (const accept of ['*/*', 'application/json, text/csv;q=0.5', 'text/html']) {
      const answer = await desk.ask(`/v1/teams/${team}/runs`, as(), { headers: { accept } });
      expect(answer.headers['content-type']).toContain('application/json');
    }
  });
});

describe('the document', () => {
  it('says of every route what it does, who may, and how everything is answered', async () => {
    const told = z.object({
      operationId: z.string(),
      summary: z.string().min(5),
      description: z.string().regex(/Role: (viewer|developer|billing-admin|operator)\.$/),
      tags: z.array(z.string()).length(1),
      security: z.array(z.record(z.string(), z.array(z.string()))).length(1),
      parameters: z.array(z.object({ description: z.string().min(5) })).optional(),
      responses: z.record(
        z.string(),
        z.object({
          description: z.string().regex(/^(?!Default Response).{5}/),
          content: z.record(z.string(), z.object({ schema: z.record(z.string(), z.unknown()) })),
        }),
      ),
    });
    const document = z
      .object({
        openapi: z.literal('3.1.0'),
        paths: z.record(z.string(), z.record(z.string(), told)),
        components: z.object({ schemas: z.record(z.string(), z.record(z.string(), z.unknown())) }),
      })
      .parse((await desk.app.inject('/openapi.json')).json());
    const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
    for (const { responses } of operations)
      expect(Object.keys(responses)).toEqual(expect.arrayContaining(['400', '401', '403', '500', '503']));
    const { schemas } = document.components;
    expect(Object.keys(schemas)).toEqual(
      expect.arrayContaining(['Millicredits', 'Problem', 'Team', 'RunDetail', 'StartRunInput']),
    );
    const text = JSON.stringify(document);
    const names = [...text.matchAll(/#\/components\/schemas\/([A-Za-z0-9]+)/g)].map(([, name = '']) => name);
    expect(names.filter((name) => !(name in schemas))).toEqual([]);
  });

  it('is shown to people by files of our own alone', async () => {
    const page = await desk.app.inject('/docs');
    expect(page.statusCode).toBe(200);
    const addresses = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address = '']) => address);
    expect(addresses.length).toBeGreaterThan(3);
    for (const address of addresses) {
      expect(address).toMatch(/^\/docs\//);
      expect((await desk.app.inject(address)).statusCode).toBe(200);
    }
    expect(page.body).not.toMatch(/<script>|on[a-z]+="/);
    expect(page.headers['content-security-policy']).toMatch(/script-src 'self'/);
  });
});
