import { describe, expect, it } from '@jest/globals';
import { faultsOf } from '../../src/contracts/faults';
import { loadPricing, priceRun, runToPriceSchema } from '../../src/pricing';
import { cardWith, NEWER, SOURCE } from './cards';

const pricing = loadPricing();

/** What is wrong with a run, each fault as `field: message`; the run is priced if nothing is. */
function faults(run: unknown, prices: Parameters<typeof priceRun>[1] = pricing): string[] {
  const parsed = runToPriceSchema.safeParse(run);
  const found = parsed.success ? priceRun(parsed.data, prices) : { faults: faultsOf(parsed.error, run) };
  return 'faults' in found ? found.faults.map(({ path, message }) => `${path}: ${message}`) : [];
}

const run = (more: object = {}, ...blocks: object[]) => ({
  admittedAt: '2026-04-01T00:00:00Z',
  trigger: 'api',
  blocks,
  ...more,
});
const agent = (usage: object) => run({}, { id: 'a', type: 'ai-agent', usage });
const media = (usage: object) => run({}, { id: 'm', type: 'ai-media', usage });

describe('a run that makes no sense is refused by the field', () => {
  it.each<[string, unknown, string]>([
    ['no run', [], ': is []; it must be an object'],
    ['an unknown trigger', run({ trigger: 'cron' }), 'trigger: is "cron"; there are "manual", "api"'],
    ['no trigger', run({ trigger: undefined }), 'trigger: is missing; there are "manual", "api"'],
    ['an unknown location', run({ location: 'mars' }), 'location: is "mars"; there are "local", "cloud"'],
    ['a local run by API', run({ location: 'local' }), 'location: must not be "local" with trigger "api"'],
    ['a Cloud Run that is not', run({ location: 'private-runner', cloudRun: true }), 'cloudRun: contradicts'],
    [
      'a date for an instant',
      run({ admittedAt: '2026-04-01' }),
      'admittedAt: is "2026-04-01"; it must be an instant',
    ],
    [
      'a day that is none',
      run({ admittedAt: '2026-02-30T00:00:00Z' }),
      'admittedAt: is "2026-02-30T00:00:00Z"; it must be an instant',
    ],
    ['a number for an instant', run({ admittedAt: 0 }), 'admittedAt: is 0; it must be an instant'],
    [
      'a time before all cards',
      run({ admittedAt: '1969-01-01T00:00:00Z' }),
      'admittedAt: no rate card was in force',
    ],
    ['no blocks', { ...run(), blocks: undefined }, 'blocks: is missing; it must be a list'],
    ['a block without an id', run({}, { type: 'if' }), 'blocks[0].id: is missing; it must be a text'],
    [
      'an unknown type',
      run({}, { id: 'x', type: 'htp-request' }),
      'blocks[0].type: "htp-request" is no block type; did you mean "http-request"?',
    ],
    [
      'a type of Object',
      run({}, { id: 'x', type: 'constructor' }),
      'blocks[0].type: "constructor" is no block type',
    ],
    ['an unknown field', run({ blcks: 1 }), 'blcks: is a field nobody knows'],
    [
      'an unknown field of a usage',
      agent({ modelcalls: [] }),
      'blocks[0].usage.modelcalls: is a field nobody knows',
    ],
    [
      'an unknown model',
      agent({ modelCalls: [{ model: 'gpt-4p', calls: 1 }] }),
      'blocks[0].usage.modelCalls[0].model: rate card "postman-2026-03-01" has no price for model "gpt-4p"; did you mean "gpt-4o"?',
    ],
    [
      'a model of Object',
      agent({ modelCalls: [{ model: 'toString', calls: 1 }] }),
      'blocks[0].usage.modelCalls[0].model: rate card',
    ],
    [
      'negative calls',
      agent({ modelCalls: [{ model: 'gpt-4o', calls: -1 }] }),
      'blocks[0].usage.modelCalls[0].calls: is -1; it must be at least 0',
    ],
    [
      'half a call',
      agent({ modelCalls: [{ model: 'gpt-4o', calls: 1.5 }] }),
      'blocks[0].usage.modelCalls[0].calls: is 1.5; it must be a whole number',
    ],
    [
      'calls in text',
      agent({ modelCalls: [{ model: 'gpt-4o', calls: '2' }] }),
      'blocks[0].usage.modelCalls[0].calls: is "2"; it must be a',
    ],
    [
      'more calls than a number holds',
      agent({ modelCalls: [{ model: 'gpt-4o', calls: 2 ** 53 }] }),
      'blocks[0].usage.modelCalls[0].calls: ',
    ],
    [
      'a tool without a server',
      agent({ mcpTools: [{ tool: 't', calls: 1 }] }),
      'blocks[0].usage.mcpTools[0].server: is missing; it must be a text',
    ],
    [
      'a cost as a number',
      media({ model: 'm', costUsd: 0.01 }),
      'blocks[0].usage.costUsd: is 0.01; it must be a decimal number in text',
    ],
    [
      'a negative cost',
      media({ model: 'm', costUsd: '-0.01' }),
      'blocks[0].usage.costUsd: is "-0.01"; it must be a decimal number in text',
    ],
    [
      'a cost with an exponent',
      media({ model: 'm', costUsd: '1e-3' }),
      'blocks[0].usage.costUsd: is "1e-3"; it must be a decimal number in text',
    ],
    [
      'a cost with a comma',
      media({ model: 'm', costUsd: '0,01' }),
      'blocks[0].usage.costUsd: is "0,01"; it must be a decimal number in text',
    ],
    [
      'a cost in words',
      media({ model: 'm', costUsd: 'NaN' }),
      'blocks[0].usage.costUsd: is "NaN"; it must be a decimal number in text',
    ],
    ['media without a cost', media({ model: 'm' }), 'blocks[0].usage.costUsd: is missing'],
    [
      'a usage nobody prices',
      run({}, { id: 'h', type: 'http-request', usage: { costUsd: '1' } }),
      'blocks[0].usage.costUsd: is nothing that "http-request" is priced by',
    ],
  ])('%s', (_name, input, expected) => {
    const [first, ...others] = faults(input);
    expect(first?.startsWith(expected)).toBe(true);
    expect(others).toEqual([]);
  });

  it('says all that is wrong at once', () => {
    const input = run(
      { trigger: 'manual', location: 'cloud' },
      { id: 'x', type: 'nothing' },
      { id: 'a', type: 'ai-agent', usage: { modelCalls: [{ model: 'gpt-9000', calls: 1 }] } },
    );
    expect(faults(input).map((fault) => fault.split(':')[0])).toEqual([
      'blocks[0].type',
      'blocks[1].usage.modelCalls[0].model',
    ]);
  });

  const own = cardWith({
    blocks: {
      tokens: {
        price: 'by-model',
        models: { m: { creditsPerMillionTokens: { input: 1, output: 1 }, ...SOURCE } },
      },
      scan: { price: 'per-unit', unit: 'page', credits: 1, ...SOURCE },
    },
  });
  const prices = { cards: [own], cardAt: () => own };

  it.each<[string, object, string[]]>([
    [
      'tokens',
      { modelCalls: [{ model: 'm', calls: 1, inputTokens: 3 }] },
      ['blocks[0].usage.modelCalls[0].outputTokens: is missing: "m" is priced by tokens'],
    ],
    ['tokens', { modelCalls: [{ model: 'm', calls: 0 }] }, []],
    [
      'tokens',
      { mcpTools: [{ server: 's', tool: 't', calls: 1 }] },
      ['blocks[0].usage.mcpTools: rate card "test" has no price for MCP tools'],
    ],
    ['scan', {}, ['blocks[0].usage.units: is missing: "scan" is priced by the page']],
    ['scan', { units: 2 }, []],
  ])('%s needs what its row prices', (type, usage, expected) => {
    expect(faults(run({}, { id: 'b', type, usage }), prices)).toEqual(expected);
  });

  it('a usage is checked in a local run too, where it would cost nothing', () => {
    const input = run({ trigger: 'manual' }, { id: 'h', type: 'http-request', usage: { units: 1 } });
    expect(faults(input)).toHaveLength(1);
  });
});

describe('a run that makes sense', () => {
  function priced(input: unknown) {
    const result = priceRun(runToPriceSchema.parse(input), pricing);
    if ('faults' in result) throw new Error(JSON.stringify(result.faults));
    return result.priced;
  }

  it('may have any type of the vocabulary, priced or not', () => {
    const types = ['start', 'output', 'for', 'repeat', 'collect', 'flow'];
    const result = priced(run({}, ...types.map((type) => ({ id: type, type }))));
    expect(result).toMatchObject({ millicredits: '0', credits: '0' });
    expect(result.blocks).toHaveLength(types.length);
  });

  it('may run a block several times: each is a block run of its own', () => {
    const twice = { id: 'loop[0]/h', type: 'http-request' };
    expect(priced(run({}, twice, twice)).millicredits).toBe('2000');
  });

  it('may have no blocks at all', () => {
    expect(priced(run())).toEqual({ rateCard: NEWER.id, millicredits: '0', credits: '0', blocks: [] });
    expect(priced(run({ admittedAt: '2026-02-01T00:00:00Z' }))).toMatchObject({
      credits: '1',
      run: { millicredits: '1000', row: 'run.cloud' },
    });
  });

  it('is priced by the card at its instant, whatever offset that is written in', () => {
    const at = (admittedAt: string) => priced(run({ admittedAt })).rateCard;
    expect(at('2026-03-01T01:00:00+02:00')).toBe('postman-before-2026-03-01');
    expect(at('2026-02-28T23:00:00-01:00')).toBe('postman-2026-03-01');
  });

  it('takes place where its trigger says when it does not itself', () => {
    const h = { id: 'h', type: 'http-request' };
    expect(priced(run({ trigger: 'manual' }, h)).credits).toBe('0');
    expect(priced(run({ trigger: 'manual', cloudRun: true }, h)).credits).toBe('1');
    expect(priced(run({ trigger: 'mcp' }, h)).credits).toBe('1');
  });

  it('has blocks of a type that only a platform’s card knows', () => {
    const own = cardWith({ blocks: { ours: { price: 'fixed', credits: '0.25', ...SOURCE } } });
    // Priced by a card that does not list it: it costs nothing, but it is known.
    const prices = { cards: [NEWER, own], cardAt: () => NEWER };
    expect(faults(run({}, { id: 'o', type: 'ours' }), prices)).toEqual([]);
    expect(faults(run({}, { id: 'o', type: 'ours' }))).toHaveLength(1);
  });
});
