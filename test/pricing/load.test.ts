import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { credits } from '../../src/contracts/millicredits';
import { charge, loadPricing, PricingFileError, pricingFilesFrom } from '../../src/pricing';
import { NEWER, OLDER, SOURCE } from './cards';

const at = (text: string): number => Date.parse(text);
const API = { trigger: 'api', location: 'cloud' } as const;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'flow-credits-cards-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

/** What a bad card is refused with, one fault a line, the folder left out. */
function refusalOf(...contents: unknown[]): string[] {
  const cardFiles = contents.map((content, index) => file(`card${index}.json`, content));
  return linesOf(() => loadPricing({ cardFiles }));
}

function linesOf(load: () => unknown): string[] {
  try {
    load();
  } catch (error) {
    if (error instanceof PricingFileError) return error.message.replaceAll(`${folder}/`, '').split('\n');
    throw error;
  }
  throw new Error('was not refused');
}

const card = (more: object) => ({ id: 'ours', inForceFrom: '2027-01-01T00:00:00Z', ...more });
const fixed = (more: object = {}) => ({ price: 'fixed', credits: '1', ...SOURCE, ...more });

describe('the cards', () => {
  const pricing = loadPricing();

  it('change at 2026-03-01 in UTC, to the millisecond', () => {
    expect(pricing.cardAt(at('2026-02-28T23:59:59.999Z'))).toBe(pricing.cards[0]);
    expect(pricing.cardAt(at('2026-03-01T00:00:00Z'))?.id).toBe('postman-2026-03-01');
    expect(pricing.cardAt(at('2026-03-01T00:30:00+01:00'))?.id).toBe('postman-before-2026-03-01');
    expect(pricing.cardAt(at('1969-12-31T23:59:59Z'))).toBeNull();
  });

  it('are found by id, for runs that pinned one', () => {
    expect(pricing.card('postman-before-2026-03-01')).toEqual(OLDER);
    expect(pricing.card('nobody')).toBeNull();
  });

  it('say of every row where it comes from', () => {
    const text = JSON.stringify([OLDER, NEWER], (key, value: unknown) => {
      if (key === 'source') expect(value).not.toBe('');
      return value;
    });
    expect(text.match(/"provenance"/g)?.length).toBe(text.match(/"source"/g)?.length);
  });

  it('price a call of every model of the older one on the newer one too', () => {
    const models = (blocks: typeof OLDER.blocks) => {
      const row = blocks['ai-agent'];
      return row?.price === 'by-model' ? Object.keys(row.models) : [];
    };
    expect(models(NEWER.blocks)).toEqual(expect.arrayContaining(models(OLDER.blocks)));
  });

  it('cannot be changed once loaded', () => {
    expect(() => Object.assign(NEWER.blocks, { if: {} })).toThrow(TypeError);
    expect(() => Object.assign(NEWER.blocks['if'] ?? {}, { credits: '0' })).toThrow(TypeError);
  });

  it('have one hash for one content', () => {
    const same = card({ blocks: { a: fixed() } });
    const other = card({ blocks: { a: fixed({ credits: '2' }) } });
    const hash = (content: unknown) => loadPricing({ cardFiles: [file('hash.json', content)] }).hash;
    expect(loadPricing().hash).toBe(pricing.hash);
    expect(hash(same)).toBe(hash(Object.fromEntries(Object.entries(same).reverse())));
    expect(hash(other)).not.toBe(hash(same));
    expect(hash(same)).not.toBe(pricing.hash);
  });
});

describe('a platform’s own card', () => {
  it('comes into force at its instant', () => {
    const own = card({ blocks: { 'our-block': fixed({ credits: '2.5' }) } });
    const pricing = loadPricing({ cardFiles: [file('own.json', own)] });
    expect(pricing.cards.map(({ id }) => id)).toEqual([OLDER.id, NEWER.id, 'ours']);
    expect(pricing.cardAt(at('2026-12-31T23:59:59.999Z'))?.id).toBe(NEWER.id);
    const ours = pricing.cardAt(at('2027-01-01T00:00:00Z'));
    expect(ours?.id).toBe('ours');
    expect(ours && charge({ type: 'our-block', usage: {} }, API, ours).millicredits).toBe('2500');
    expect(ours && charge({ type: 'http-request', usage: {} }, API, ours).millicredits).toBe('0');
  });

  it('may extend an earlier one and replace single rows', () => {
    const own = card({
      extends: NEWER.id,
      blocks: { if: fixed({ credits: 0 }) },
      activities: { sendMail: fixed({ credits: '0.5' }) },
    });
    const next = card({ id: 'next', inForceFrom: '2027-02-01T00:00:00Z', extends: 'ours' });
    const pricing = loadPricing({ cardFiles: [file('extends.json', own), file('next.json', next)] });
    for (const id of ['ours', 'next']) {
      const loaded = pricing.card(id);
      expect(loaded?.blocks['http-request']).toEqual(NEWER.blocks['http-request']);
      expect(loaded?.blocks['if']).toMatchObject({ credits: '0' });
      expect(Object.keys(loaded?.activities ?? {})).toEqual(['sendMail']);
    }
    expect(NEWER.blocks['if']).toMatchObject({ credits: '1' });
  });

  it('is named in the environment like a PATH', () => {
    const env = { FLOW_CREDITS_RATE_CARDS: ['a.json', 'b.json'].join(delimiter) };
    expect(pricingFilesFrom(env)).toEqual({ cardFiles: ['a.json', 'b.json'], planFiles: [] });
    expect(pricingFilesFrom({})).toEqual({ cardFiles: [], planFiles: [] });
  });
});

describe('a bad card is refused', () => {
  it('with the path of what is wrong, all of it', () => {
    expect(
      refusalOf(
        card({
          inForceFrom: '2027-02-30T00:00:00Z',
          run: { mars: { credits: '1', ...SOURCE } },
          blocks: {
            'http-request': fixed({ credits: '-1' }),
            connector: fixed({ credits: 1.5 }),
            if: fixed({ credits: '1.0005' }),
            delay: fixed({ provenance: 'guessed', source: '' }),
            or: fixed({ chargedIn: {} }),
            evaluate: fixed({ credist: '1' }),
            validate: { price: 'free' },
            start: fixed(),
            'ai-agent': {
              price: 'by-model',
              models: {
                m: { ...SOURCE },
                n: { credits: '1', creditsPerMillionTokens: { input: 1, output: 1 }, ...SOURCE },
              },
            },
            'ai-media': { price: 'at-cost', likelyUsd: 0.04, ...SOURCE },
          },
        }),
      ).sort(),
    ).toEqual(
      [
        'card0.json: inForceFrom: is "2027-02-30T00:00:00Z"; it must be an instant in UTC, such as "2026-03-01T00:00:00Z"',
        'card0.json: run.mars: is a field nobody knows',
        'card0.json: blocks.http-request.credits: is "-1"; it must be credits: text such as "1.5" with at most three decimals, or a whole number; not negative',
        'card0.json: blocks.connector.credits: is 1.5; it must be credits: text such as "1.5" with at most three decimals, or a whole number; not negative',
        'card0.json: blocks.if.credits: is "1.0005"; it must be credits: text such as "1.5" with at most three decimals, or a whole number; not negative',
        'card0.json: blocks.delay.provenance: is "guessed"; it must be "documented" or "assumed"',
        'card0.json: blocks.delay.source: is ""; it must say where the row comes from',
        'card0.json: blocks.or.chargedIn: must name a location; a row that charges nowhere has no use',
        'card0.json: blocks.evaluate.credist: is a field nobody knows',
        'card0.json: blocks.validate.price: is "free"; it must be a row with "price": "fixed", "per-unit", "by-model" or "at-cost"',
        'card0.json: blocks.ai-agent.models.m: must have either "credits" (by the call) or "creditsPerMillionTokens"',
        'card0.json: blocks.ai-agent.models.n: must have either "credits" (by the call) or "creditsPerMillionTokens"',
        'card0.json: blocks.ai-media.likelyUsd: is 0.04; it must be a decimal number in text, such as "0.0123"; never negative, never a JSON number',
      ].sort(),
    );
  });

  it.each(['start', 'output'])('when it prices "%s"', (type) => {
    expect(refusalOf(card({ blocks: { [type]: fixed() } }))).toEqual([
      `card0.json: blocks.${type}: must not be here: "start" and "output" never charge`,
    ]);
  });

  it.each(['2027-01-01', '2027-01-01T00:00:00', '2027-01-01T00:00:00+01:00', '1.1.2027', 1798761600000])(
    'when its start is no instant in UTC: %s',
    (inForceFrom) => {
      expect(refusalOf(card({ inForceFrom }))[0]).toMatch(
        /^card0.json: inForceFrom: is .*; it must be an instant in UTC/,
      );
    },
  );

  it.each([
    '1990-01-01T00:00:00Z',
    '2026-02-28T23:59:59Z',
    '2026-03-01T00:00:00Z',
    '2026-03-01T00:00:00.000Z',
  ])('when it starts at %s, not after a loaded one', (inForceFrom) => {
    expect(refusalOf(card({ inForceFrom }))).toEqual([
      `card0.json: inForceFrom: must be after 2026-03-01T00:00:00Z, where "${NEWER.id}" starts, and is ${inForceFrom}: no file changes prices of the past`,
    ]);
  });

  it('when another of the platform’s starts later or at the same instant', () => {
    const second = card({ id: 'second', inForceFrom: '2026-12-01T00:00:00Z' });
    expect(refusalOf(card({}), second)[0]).toMatch(/^card1.json: inForceFrom: must be after 2027-01-01/);
    expect(refusalOf(card({}), card({ id: 'twin' }))[0]).toMatch(/^card1.json: inForceFrom: must be after/);
  });

  it('when its id is taken', () => {
    expect(refusalOf(card({ id: NEWER.id }))[0]).toMatch(
      /^card0.json: id: "postman-2026-03-01" is loaded already/,
    );
  });

  it('when it extends a card that is not there', () => {
    expect(refusalOf(card({ extends: 'ours' }))[0]).toMatch(
      /^card0.json: extends: "ours" is no card loaded before/,
    );
  });

  it('when it is no JSON, or not there', () => {
    expect(refusalOf('{')[0]).toMatch(/^card0.json: is no JSON/);
    expect(refusalOf([])[0]).toMatch(/^card0.json: is \[\]; it must be an object$/);
    expect(linesOf(() => loadPricing({ cardFiles: [join(folder, 'nowhere.json')] }))[0]).toMatch(
      /^nowhere.json: cannot be read/,
    );
  });
});

describe('the plans', () => {
  const pricing = loadPricing();
  const now = at('2026-11-24T00:00:00Z');

  it.each([
    ['free', 25, false, false],
    ['solo', 50, true, false],
    ['team', 100, true, false],
    ['enterprise', 500, true, true],
  ])('%s has %i credits a month', (name, included, payg, enterprise) => {
    expect(pricing.plan(name, now)).toMatchObject({
      plan: name,
      includedCredits: credits(included),
      payg,
      packs: enterprise,
      privateRunner: enterprise,
      customAllowance: enterprise,
    });
  });

  it('bill $1 for 1,000 credits, Enterprise $10 for 10,000', () => {
    expect(pricing.plan('solo', now)?.paygRate).toEqual({ microUsd: 1_000_000n, credits: 1000n });
    expect(pricing.plan('enterprise', now)?.paygRate).toEqual({ microUsd: 10_000_000n, credits: 10_000n });
  });

  it('are ordered', () => {
    expect(pricing.planNames(now)).toEqual(['free', 'solo', 'team', 'enterprise']);
    const ranks = pricing.planNames(now).map((name) => pricing.plan(name, now)?.rank ?? -1);
    expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
  });

  it('are none that nobody knows', () => {
    for (const name of ['platinum', 'constructor', '__proto__']) expect(pricing.plan(name, now)).toBeNull();
  });

  const origins = Object.fromEntries(
    ['rank', 'includedCredits', 'payg', 'packs', 'privateRunner', 'customAllowance', 'paygRate'].map(
      (field) => [field, SOURCE],
    ),
  );
  const plan = {
    rank: 0,
    includedCredits: '30',
    payg: true,
    packs: false,
    privateRunner: false,
    customAllowance: false,
    paygRate: { usd: '1', credits: 1000 },
  };

  it('change at the start of a later file', () => {
    const later = { id: 'later', inForceFrom: '2027-01-01T00:00:00Z', plans: { free: plan }, origins };
    const { plan: rules } = loadPricing({ planFiles: [file('plans.json', later)] });
    expect(rules('free', at('2026-12-31T23:59:59.999Z'))?.includedCredits).toBe(credits(25));
    expect(rules('free', at('2027-01-01T00:00:00Z'))?.includedCredits).toBe(credits(30));
    expect(rules('solo', at('2027-01-01T00:00:00Z'))).toBeNull();
  });

  it('are refused like cards', () => {
    const bad = {
      id: 'bad',
      inForceFrom: '2027-01-01T00:00:00Z',
      plans: { a: { ...plan, includedCredits: -1 }, b: { ...plan, paygRate: { usd: 1, credits: 0 } } },
      origins,
    };
    expect(linesOf(() => loadPricing({ planFiles: [file('bad-plans.json', bad)] }))).toEqual([
      expect.stringMatching(/^bad-plans.json: plans.a.includedCredits: is -1; it must be credits/),
      expect.stringMatching(/^bad-plans.json: plans.b.paygRate.usd: is 1; it must be dollars in text/),
      expect.stringMatching(/^bad-plans.json: plans.b.paygRate.credits: is 0; it must be more than 0/),
    ]);
    const past = { id: 'past', inForceFrom: '1970-01-01T00:00:00Z', plans: { a: plan }, origins };
    expect(linesOf(() => loadPricing({ planFiles: [file('past.json', past)] }))[0]).toMatch(
      /inForceFrom: must be after/,
    );
    const twice = { ...past, inForceFrom: '2027-01-01T00:00:00Z', plans: { a: plan, b: plan } };
    expect(linesOf(() => loadPricing({ planFiles: [file('twice.json', twice)] }))).toEqual([
      'twice.json: plans: must not have the same rank twice',
    ]);
  });
});
