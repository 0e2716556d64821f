import { beforeAll, describe, expect, it } from '@jest/globals';
import { uniqueName } from '../support';
import { openDesk, type Desk } from '../workflows/desk';
import { commandLine, here } from './here';

let desk: Desk;
let env: Record<string, string>;
beforeAll(async () => {
  desk = await openDesk();
  desk.gate.open();
  env = { DATABASE_URL: desk.databaseUrl, FLOW_CREDITS_TASK_QUEUE: desk.taskQueue };
});

const { did, json, failed } = commandLine(() => env);

const REASON = ['--reason', 'because'];

describe('team', () => {
  it('is created with all its settings, shown, listed, suspended and closed', async () => {
    const team = uniqueName('acme');
    const create = ['team', 'create', team, '--plan', 'enterprise', '--time-zone', 'Europe/Berlin'];
    const settings = [
      ...[
        '--custom-credits',
        '2000',
        '--contract-rate',
        '0.80/1000',
        '--run-limit',
        '75.5',
        '--overdraft',
        'carry',
      ],
      ...[
        '--backlog',
        'schedule=keep-latest,longest=3600,most=10',
        '--backlog',
        'any=wait',
        '--actor',
        'olga',
      ],
      ...['--alerts', '50,75', '--payg-alerts', '5.00,20.00', '--anchor', '2026-11-03T00:00:00'],
    ];
    expect(await json(...create, ...settings)).toEqual({ team, status: 'created' });
    expect(await did(...create, ...settings)).toBe(`team ${team}: unchanged\n`);
    // Its anchor and its zone need not be told again.
    const again = ['team', 'create', team, '--plan', 'enterprise', '--custom-credits', 'none'];
    expect(await did(...again)).toBe(`team ${team}: updated\n`);
    const shown = await did('team', 'show', team);
    expect(shown).toMatch(/^runs by schedule +keep-latest, at most 3600 s, at most 10 runs$/m);
    expect(shown).toMatch(/^limit of each run +75\.5 credits$/m);
    expect(shown).toMatch(/^alerts +50 %, 75 %, \$5\.00, \$20\.00$/m);
    const audit = await json('audit', team);
    expect(audit).toMatchObject([
      { kind: 'setting', reason: 'settings' },
      {
        kind: 'setting',
        actor: 'olga',
        reason: 'team created',
        setting: {
          customIncluded: '2000000',
          runLimit: '75500',
          overdraftPolicy: 'carry',
          paygRate: { microUsd: '800000', credits: '1000' },
          backlog:
            '{"schedule":{"policy":"keep-latest","longestWaitMs":3600000,"mostWaiting":10},"any":{"policy":"wait","longestWaitMs":null,"mostWaiting":null}}',
          alerts: '{"percent":[50,75],"payg":["5000000","20000000"]}',
        },
      },
    ]);
    expect(await json('team', 'show', team)).toMatchObject({
      balances: { included: { available: '2000000' } },
      period: { start: expect.stringMatching(/T2[23]:00:00\.000Z$/) },
    });
    expect(await did('team', 'suspend', team)).toBe(`team ${team} is suspended\n`);
    expect(await did('team', 'list')).toMatch(new RegExp(`^${team} +enterprise +suspended +2000 `, 'm'));
    await did('team', 'activate', team);
    expect(await json('team', 'close', team)).toEqual({ team, status: 'done', teamStatus: 'closed' });
  });

  it.each([
    [['--backlog', 'cron=wait'], '--backlog cron=wait: "cron" is no trigger; use manual, api'],
    [['--backlog', 'api=drop'], '--backlog api=drop: "drop" is no policy; use wait, reject, keep-latest'],
    [['--backlog', 'api=wait,longest=0'], '--backlog api=wait,longest=0: longest 0: must be a whole number'],
    [['--contract-rate', '80'], '--contract-rate 80: must be dollars for so many credits'],
    [['--custom-credits', 'many'], '--custom-credits many: must be credits'],
    [['--alerts', '50,x'], '--alerts x: must be a whole number'],
    [['--payg-alerts', '5€'], '--payg-alerts 5€: must be dollars'],
    [['--custom-credits', '5'], 'plan "solo" has no custom allowance'],
  ])('refuses %j by one line', async (args, line) => {
    expect(await failed('team', 'create', uniqueName('t'), '--plan', 'solo', ...args)).toContain(line);
  });

  it('that nobody knows is named by every command, with the way out', async () => {
    for (const command of [
      ['team', 'show', 'nobody'],
      ['line', 'nobody'],
      ['runs', 'nobody'],
      ['runs', 'show', 'r', '--team', 'nobody'],
      ['usage', 'nobody'],
      ['audit', 'nobody'],
      ['statements', 'nobody'],
      ['pack', 'list', 'nobody'],
      ['payg', 'preview', 'nobody'],
      ['adjust', 'nobody', '1', ...REASON],
      ['reverse', 'nobody', 'r', ...REASON],
      ['line', 'discard', 'nobody', ...REASON],
      ['reprice', '--card', 'postman-2026-03-01', '--since', '2026-01-01', '--team', 'nobody'],
    ]) {
      expect(await failed(...command)).toBe(
        'error: team "nobody" is unknown; create it with "flow-credits team create nobody --plan PLAN"\n',
      );
    }
    expect(await failed('team', 'suspend', 'nobody')).toMatch(/team "nobody" is unknown; create it first/);
  });
});

describe('plan', () => {
  it('is listed, and changed: up at once, down at the next reset', async () => {
    expect(await did('plan', 'list')).toMatch(/^solo +50 +\$1\.00 per 1000 credits +no +no +no$/m);
    expect(await json('plan', 'list')).toMatchObject([
      { plan: 'free', includedCredits: '25000' },
      {},
      {},
      {},
    ]);
    const team = await desk.team('solo');
    expect(await did('plan', 'change', team, 'team')).toBe(
      `team ${team}: plan team now, 50 credits granted\n`,
    );
    expect(await did('plan', 'change', team, 'free')).toBe(`team ${team}: plan free from the next reset\n`);
    expect(await failed('plan', 'change', team, 'gold')).toContain('plan "gold" is unknown');
  });
});

describe('packs and adjustments', () => {
  it('are given, listed, voided and withdrawn, each once per request id', async () => {
    const team = await desk.team('enterprise');
    const paid = ['--paid', '80.00', '--currency', 'EUR', '--reference', 'A-17', '--expires', '2099-07-01'];
    const first = await json('pack', 'add', team, '10000', ...paid, '--request-id', 'p-1', '--actor', 'olga');
    expect(first).toEqual({ team, status: 'done', grant: 2 });
    expect(
      await json('pack', 'add', team, '10000', ...paid, '--request-id', 'p-1', '--actor', 'olga'),
    ).toEqual(first);
    expect(await did('pack', 'add', team, '12.5', '--note', 'trial')).toBe(
      `team ${team}: pack 3 of 12.5 credits\n`,
    );
    expect(await did('pack', 'list', team)).toMatch(
      /^ *2 +\S+ +2099-07-01T00:00:00Z +10000 +0 +0 +10000 +active +80\.00 EUR A-17$/m,
    );
    expect(await did('pack', 'void', team, '3', ...REASON)).toBe(
      `team ${team}: pack 3 of 12.5 credits is taken back\n`,
    );
    expect(await json('pack', 'list', team)).toMatchObject([
      { grant: 3, status: 'voided', note: 'trial', expiresAt: null },
      { grant: 2, granted: '10000000', expiresAt: '2099-07-01T00:00:00.000Z', paid: { currency: 'EUR' } },
    ]);
    expect(await failed('pack', 'void', team, '3', ...REASON)).toContain(
      'grant 3 is no pack with credits left',
    );
    expect(await did('adjust', team, '2.5', ...REASON)).toBe(`team ${team}: +2.5 credits\n`);
    expect(await did('adjust', team, ...REASON, '--', '-1')).toBe(`team ${team}: -1 credits\n`);
    expect(await failed('adjust', team, ...REASON, '--', '-99999')).toContain('cannot be withdrawn');
    const csv = await did('audit', team, '--csv', '--limit', '3');
    expect(csv.split('\n')[0]).toBe('entry,at,who,what,credits,why,request');
    expect(csv).toMatch(/,withdraw,1,because,/);
    const withdrawn = await failed('adjust', await desk.team('solo'), '0', ...REASON);
    expect(withdrawn).toContain('an adjustment of 0 changes nothing');
  });

  it.each([
    [['pack', 'add', 'T', 'many'], 'credits many: must be credits'],
    [['pack', 'add', 'T', '1', '--paid', '80'], '--currency (missing): must be an ISO 4217 code'],
    [['pack', 'add', 'T', '1', '--currency', 'EUR'], '--paid (missing): must be an amount'],
    [['pack', 'add', 'T', '1', '--expires', 'soon'], '--expires soon: must be a moment'],
    [['pack', 'add', 'T', '1'], 'plan "solo" has no credit packs; change to a plan that has them'],
    [['pack', 'void', 'T', 'x', ...REASON], 'pack x: must be a whole number'],
    [['pack', 'void', 'T', '1'], "required option '--reason <text>' not specified"],
    [['adjust', 'T', '1', '--reason', ' '], '--reason " ": must be 1 to 1000 characters'],
  ])('refuse %j by one line', async (args, line) => {
    const team = await desk.team('solo');
    expect(await failed(...args.map((arg) => (arg === 'T' ? team : arg)))).toContain(line);
  });
});

describe('pay-as-you-go', () => {
  it('is foretold in money before it is turned on, and releases who waits', async () => {
    const team = await desk.emptyTeam('solo');
    const runs = [await desk.start(team, ['a', 'b']), await desk.start(team, ['a'])];
    const preview = await did('payg', 'preview', team, '--cap', '0.002');
    expect(preview.split('\n')).toEqual([
      '2 runs wait, about 3 credits, $0.00',
      `pay-as-you-go of team ${team} is off; $1.00 per 1000 credits`,
      'under a cap of $0.002 1 goes at once, holding 2 credits',
      '',
    ]);
    expect(await json('payg', 'preview', team, '--uncapped')).toMatchObject({
      waiting: 2,
      likely: '3000',
      likelyCents: '0',
      atOnce: { cap: null, runs: 2, hold: '3000' },
    });
    const { status, out, err } = await here(['payg', 'on', team, '--cap', '25.00'], env);
    expect({ status, out, err }).toEqual({
      status: 0,
      out: `pay-as-you-go of team ${team} is on\n`,
      err: '2 runs wait, about 3 credits, $0.00\n',
    });
    for (const run of runs) await run.result();
    expect(await did('payg', 'off', team)).toBe(`pay-as-you-go of team ${team} is off\n`);
    expect(await did('payg', 'preview', team)).toMatch(/^no run waits\n/);
  });

  it('says why a team may not have it, and refuses what makes no sense', async () => {
    const team = await desk.team('free');
    expect(await did('payg', 'preview', team, '--uncapped')).toMatch(
      /^it cannot be turned on: .*change to a plan/m,
    );
    expect((await here(['payg', 'on', team, '--uncapped'], env)).err).toMatch(
      /^no run waits\nerror: .*plan "free" has no pay-as-you-go; change to a plan that has it\n$/,
    );
    expect(await failed('payg', 'on', team)).toContain('either --cap DOLLARS or --uncapped');
    expect(await failed('payg', 'preview', team, '--cap', '1', '--uncapped')).toContain('not together');
    expect(await failed('payg', 'on', team, '--cap', 'ten')).toContain('--cap ten: must be dollars');
  });
});
