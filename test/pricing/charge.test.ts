import { describe, expect, it } from '@jest/globals';
import { TRIGGERS, type RunContext } from '../../src/contracts/context';
import { type Usage } from '../../src/contracts/usage';
import { charge, chargeActivity, contextOf, PricingRefusal, runCharge, runLocation } from '../../src/pricing';
import { cardWith, NEWER, OLDER, SOURCE } from './cards';

const MANUAL: RunContext = { trigger: 'manual', location: 'local' };
const CLOUD_RUN: RunContext = { trigger: 'manual', location: 'cloud' };
const AUTOMATED: RunContext = { trigger: 'api', location: 'cloud' };
const PRIVATE: RunContext = { trigger: 'api', location: 'private-runner' };

const ONE_CALL: Usage = { modelCalls: [{ model: 'gpt-4o', calls: 1 }] };

/** Type, usage, and what it costs in millicredits: manual, Cloud Run, automated, on a private runner. */
const TABLE: readonly (readonly [string, Usage, number, number, number, number])[] = [
  ['start', {}, 0, 0, 0, 0],
  ['output', {}, 0, 0, 0, 0],
  ['http-request', {}, 0, 1000, 1000, 1000],
  ['condition', {}, 0, 1000, 1000, 1000],
  ['if', {}, 0, 1000, 1000, 1000],
  ['validate', {}, 0, 1000, 1000, 1000],
  ['evaluate', {}, 0, 1000, 1000, 1000],
  ['delay', {}, 0, 1000, 1000, 1000],
  ['or', {}, 0, 1000, 1000, 1000],
  ['for', {}, 0, 0, 0, 0],
  ['repeat', {}, 0, 0, 0, 0],
  ['collect', {}, 0, 0, 0, 0],
  ['flow', {}, 0, 0, 0, 0],
  ['connector', {}, 2000, 2000, 2000, 2000],
  ['ai-agent', ONE_CALL, 15000, 15000, 15000, 15000],
  ['ai-media', { model: 'm', costUsd: '0.04' }, 40000, 40000, 40000, 40000],
  ['never-heard-of', {}, 0, 0, 0, 0],
];

const cost = (type: string, usage: Usage, context: RunContext, card = NEWER): number =>
  Number(charge({ type, usage }, context, card).millicredits);

describe.each([
  ['before 2026-03-01', OLDER],
  ['from 2026-03-01', NEWER],
])('a block on the card %s', (_name, card) => {
  it.each(TABLE)('%s costs what the context says', (type, usage, manual, cloudRun, automated, runner) => {
    expect(cost(type, usage, MANUAL, card)).toBe(manual);
    expect(cost(type, usage, CLOUD_RUN, card)).toBe(cloudRun);
    for (const trigger of TRIGGERS.filter((each) => each !== 'manual')) {
      expect(cost(type, usage, { ...AUTOMATED, trigger }, card)).toBe(automated);
    }
    expect(cost(type, usage, PRIVATE, card)).toBe(runner);
  });
});

describe('what the seed says', () => {
  it('manual runs only consume credits for what runs in the cloud anyway', () => {
    expect(runLocation('manual')).toBe('local');
    expect(charge({ type: 'http-request', usage: {} }, MANUAL, NEWER)).toEqual({
      millicredits: '0',
      lines: [],
    });
    expect(cost('connector', {}, MANUAL)).toBe(2000);
  });

  it('a manual run with Cloud Run on runs in the cloud, and so do automated runs', () => {
    expect(runLocation('manual', true)).toBe('cloud');
    expect(TRIGGERS.filter((trigger) => runLocation(trigger) === 'cloud')).toEqual([
      'api',
      'mcp',
      'schedule',
      'webhook',
    ]);
  });

  const search = (calls: number) => ({ server: 'https://tools.example', tool: 'search', calls });

  it('calling the same tool 100 times costs two credits', () => {
    expect(cost('ai-agent', { mcpTools: [search(100)] }, MANUAL)).toBe(2000);
    expect(cost('ai-agent', { mcpTools: Array.from({ length: 100 }, () => search(1)) }, MANUAL)).toBe(2000);
  });

  it('calling three different tools once each costs six', () => {
    const tools = ['a', 'b', 'c'].map((tool) => ({ server: 's', tool, calls: 1 }));
    expect(cost('ai-agent', { mcpTools: tools }, MANUAL)).toBe(6000);
  });

  it('tools that are attached and not called cost nothing', () => {
    expect(cost('ai-agent', { mcpTools: [search(0), { ...search(0), tool: 'other' }] }, MANUAL)).toBe(0);
  });

  it('the same name on two servers is two tools', () => {
    const tools = ['s1', 's2'].map((server) => ({ server, tool: 'search', calls: 2 }));
    expect(cost('ai-agent', { mcpTools: tools }, MANUAL)).toBe(4000);
    // Joined without care, these two would be one.
    const tricky = [
      { server: 'a b', tool: 'c', calls: 1 },
      { server: 'a', tool: 'b c', calls: 1 },
    ];
    expect(cost('ai-agent', { mcpTools: tricky }, MANUAL)).toBe(4000);
  });

  it.each([
    ['gpt-4o', 15000],
    ['gpt-4o-mini', 1000],
    ['gpt-4', 25000],
    ['gpt-3.5', 5000],
  ])('before March 2026 a call of %s costs %i millicredits', (model, price) => {
    const { lines } = charge(
      { type: 'ai-agent', usage: { modelCalls: [{ model, calls: 3 }] } },
      MANUAL,
      OLDER,
    );
    expect(lines).toEqual([
      {
        what: `${model} model call`,
        quantity: '3',
        unitMillicredits: String(price),
        millicredits: String(3 * price),
        row: `blocks.ai-agent.models.${model}`,
        provenance: 'documented',
      },
    ]);
  });

  it('before March 2026 a cloud run costs one credit, after it none', () => {
    expect(runCharge(AUTOMATED, OLDER)).toEqual({
      millicredits: '1000',
      lines: [
        {
          what: 'Flow run (cloud)',
          quantity: '1',
          unitMillicredits: '1000',
          millicredits: '1000',
          row: 'run.cloud',
          provenance: 'documented',
        },
      ],
    });
    expect(runCharge(CLOUD_RUN, OLDER).millicredits).toBe('1000');
    for (const context of [MANUAL, PRIVATE]) expect(runCharge(context, OLDER).millicredits).toBe('0');
    for (const context of [MANUAL, CLOUD_RUN, AUTOMATED, PRIVATE]) {
      expect(runCharge(context, NEWER)).toEqual({ millicredits: '0', lines: [] });
    }
  });

  it('AI media is passed through at cost: $0.001 is a credit', () => {
    expect(cost('ai-media', { model: 'm', costUsd: '0.001' }, MANUAL)).toBe(1000);
    expect(cost('ai-media', { model: 'm', costUsd: '12' }, MANUAL)).toBe(12_000_000);
  });
});

describe('rounding', () => {
  it.each([
    ['0.0123456', 12346],
    ['0.0000005', 1],
    ['0.00000049999999999999999999', 0],
    ['0.0000014999999999999999999999999', 1],
    ['0.0000015', 2],
    ['123456789012345678901234567890.0000005', '123456789012345678901234567890000001'],
    ['0', 0],
  ])('$%s is %s millicredits: half up, from the exact decimal', (costUsd, expected) => {
    const { millicredits } = charge({ type: 'ai-media', usage: { model: 'm', costUsd } }, MANUAL, NEWER);
    expect(millicredits).toBe(String(expected));
  });

  const tokens = cardWith({
    blocks: {
      'ai-agent': {
        price: 'by-model',
        models: { m: { creditsPerMillionTokens: { input: '2.5', output: '10' }, ...SOURCE } },
        default: { credits: '7', ...SOURCE },
      },
    },
  });

  it('tokens are exact, each line rounded once', () => {
    const usage = { modelCalls: [{ model: 'm', calls: 1, inputTokens: 1000, outputTokens: 1050 }] };
    expect(charge({ type: 'ai-agent', usage }, MANUAL, tokens)).toEqual({
      millicredits: '14',
      lines: [
        {
          what: 'm input tokens (million)',
          quantity: '0.001',
          unitMillicredits: '2500',
          // 2.5
          millicredits: '3',
          row: 'blocks.ai-agent.models.m',
          provenance: 'assumed',
        },
        {
          what: 'm output tokens (million)',
          quantity: '0.00105',
          unitMillicredits: '10000',
          // 10.5
          millicredits: '11',
          row: 'blocks.ai-agent.models.m',
          provenance: 'assumed',
        },
      ],
    });
  });

  it('how calls were split over reports does not change the rounding', () => {
    const call = { model: 'm', calls: 1, inputTokens: 200, outputTokens: 0 };
    const usage = { modelCalls: [call, call, call] };
    // 3 x 0.5 = 1.5, rounded once.
    expect(charge({ type: 'ai-agent', usage }, MANUAL, tokens).millicredits).toBe('2');
  });

  it('a model without a row has the default of its kind, where there is one', () => {
    const usage = { modelCalls: [{ model: 'constructor', calls: 2 }] };
    const { lines } = charge({ type: 'ai-agent', usage }, MANUAL, tokens);
    expect(lines).toMatchObject([{ millicredits: '14000', row: 'blocks.ai-agent.default' }]);
  });

  it('a model priced by tokens needs them', () => {
    const usage = { modelCalls: [{ model: 'm', calls: 1, inputTokens: 5 }] };
    expect(() => charge({ type: 'ai-agent', usage }, MANUAL, tokens)).toThrow(PricingRefusal);
    const none = { modelCalls: [{ model: 'm', calls: 0 }] };
    expect(charge({ type: 'ai-agent', usage: none }, MANUAL, tokens).millicredits).toBe('0');
  });
});

describe('what cannot be priced', () => {
  it.each(['gpt-9', 'constructor', '__proto__', 'toString'])('a model without a row: %s', (model) => {
    const usage = { modelCalls: [{ model, calls: 1 }] };
    expect(() => charge({ type: 'ai-agent', usage }, MANUAL, NEWER)).toThrow(
      `usage.modelCalls: model "${model}" has no row in blocks.ai-agent`,
    );
  });

  it('media without a cost', () => {
    expect(() => charge({ type: 'ai-media', usage: { model: 'm' } }, MANUAL, NEWER)).toThrow('usage.costUsd');
  });

  it.each(['constructor', '__proto__', 'hasOwnProperty'])(
    'a type named %s has no row, like any other',
    (type) => {
      expect(cost(type, {}, AUTOMATED)).toBe(0);
    },
  );
});

describe('a failed block', () => {
  it('is not charged its fixed price', () => {
    const item = { usage: {}, failed: true };
    for (const type of ['http-request', 'connector', 'if']) {
      expect(charge({ type, ...item }, AUTOMATED, NEWER)).toEqual({ millicredits: '0', lines: [] });
    }
  });

  it('is charged the model calls that were answered and the tools that were called', () => {
    const usage = { ...ONE_CALL, mcpTools: [{ server: 's', tool: 't', calls: 1 }] };
    expect(charge({ type: 'ai-agent', usage, failed: true }, MANUAL, NEWER).millicredits).toBe('17000');
  });
});

describe('activities', () => {
  const card = cardWith({
    blocks: { send: { price: 'fixed', credits: '9', ...SOURCE } },
    activities: {
      send: { price: 'fixed', credits: '0.5', what: 'Send mail', ...SOURCE },
      scan: { price: 'per-unit', unit: 'page', credits: '0.125', chargedIn: { cloud: 'assumed' }, ...SOURCE },
    },
  });

  it('have rows of their own', () => {
    const item = { type: 'send', usage: {} };
    expect(chargeActivity(item, AUTOMATED, card).lines).toMatchObject([
      { what: 'Send mail', millicredits: '500', row: 'activities.send' },
    ]);
    expect(charge({ ...item, rows: 'activities' }, AUTOMATED, card)).toEqual(
      chargeActivity(item, AUTOMATED, card),
    );
    expect(charge(item, AUTOMATED, card).millicredits).toBe('9000');
  });

  it('may be priced by the unit', () => {
    const scan = (usage: Usage, failed = false) =>
      chargeActivity({ type: 'scan', usage, failed }, AUTOMATED, card).millicredits;
    expect(scan({ units: 3 })).toBe('375');
    expect(scan({ units: 0 })).toBe('0');
    expect(scan({}, true)).toBe('0');
    expect(scan({ units: 2 }, true)).toBe('250');
    expect(() => scan({})).toThrow('usage.units: "scan" is priced by the page');
  });

  it('charge only where their row says', () => {
    expect(chargeActivity({ type: 'scan', usage: { units: 3 } }, MANUAL, card).millicredits).toBe('0');
  });
});

describe('provenance', () => {
  const provenance = (type: string, context: RunContext, card = NEWER) =>
    charge({ type, usage: {} }, context, card).lines.map((line) => line.provenance);

  it('is documented for what the seed prices, and assumed for all else', () => {
    expect(provenance('http-request', AUTOMATED)).toEqual(['documented']);
    expect(provenance('connector', MANUAL)).toEqual(['documented']);
    expect(provenance('if', AUTOMATED, OLDER)).toEqual(['documented']);
    expect(provenance('if', AUTOMATED, NEWER)).toEqual(['assumed']);
    const agent = charge(
      { type: 'ai-agent', usage: { ...ONE_CALL, mcpTools: [{ server: 's', tool: 't', calls: 1 }] } },
      AUTOMATED,
      NEWER,
    );
    expect(agent.lines.map((line) => line.provenance)).toEqual(['assumed', 'documented']);
  });

  it('is assumed on a private runner, whatever the row', () => {
    for (const card of [OLDER, NEWER]) {
      expect(provenance('http-request', PRIVATE, card)).toEqual(['assumed']);
      expect(provenance('connector', PRIVATE, card)).toEqual(['assumed']);
    }
  });
});

describe('contextOf', () => {
  it('knows where a run takes place when nobody says', () => {
    expect(contextOf({ trigger: 'manual' })).toEqual({ context: MANUAL });
    expect(contextOf({ trigger: 'manual', cloudRun: true })).toEqual({ context: CLOUD_RUN });
    expect(contextOf({ trigger: 'api' })).toEqual({ context: AUTOMATED });
    expect(contextOf({ trigger: 'webhook', location: 'private-runner' })).toEqual({
      context: { trigger: 'webhook', location: 'private-runner' },
    });
  });

  it.each(TRIGGERS.filter((trigger) => trigger !== 'manual'))('refuses a local run by %s', (trigger) => {
    expect(contextOf({ trigger, location: 'local' })).toMatchObject({ faults: [{ path: 'location' }] });
  });

  it('refuses a Cloud Run that is not in the cloud', () => {
    for (const location of ['local', 'private-runner'] as const) {
      expect(contextOf({ trigger: 'manual', location, cloudRun: true })).toMatchObject({
        faults: [{ path: 'cloudRun' }],
      });
    }
    expect(contextOf({ trigger: 'manual', location: 'cloud', cloudRun: false })).toMatchObject({
      faults: [{ path: 'cloudRun' }],
    });
    expect(contextOf({ trigger: 'manual', location: 'local', cloudRun: false })).toEqual({ context: MANUAL });
  });
});
