import { describe, expect, it } from '@jest/globals';
import { type Provenance } from '../../src/contracts/charge';
import { type Trigger } from '../../src/contracts/context';
import { formatCredits, parseMillicredits } from '../../src/contracts/millicredits';
import { type Usage } from '../../src/contracts/usage';
import { charge, contextOf, knownBlockTypes, runCharge, type RateCard } from '../../src/pricing';
import { NEWER, OLDER } from './cards';

/**
 * What every block type charges in every kind of run, on both cards, in credits: one table to hold against the sentences
 * of Postman's page "Manage your team's Postman Flows credit usage", which stand above what follows from them.
 *
 * D: documented. A: assumed by us, and shown so wherever it is shown. -: charges nothing.
 */
const TABLE = `
# block type    | used            | card  | manual | Cloud Run | api   | mcp   | schedule | webhook

# "Only blocks listed in the following pricing table consume credits."
  start         |                 | both  | -      | -         | -     | -     | -        | -
  output        |                 | both  | -      | -         | -     | -     | -        | -
  collect       |                 | both  | -      | -         | -     | -     | -        | -
# A loop and a called flow charge what is in them, and nothing themselves.
  for           |                 | both  | -      | -         | -     | -     | -        | -
  repeat        |                 | both  | -      | -         | -     | -     | -        | -
  flow          |                 | both  | -      | -         | -     | -     | -        | -

# "Automated runs (triggered using API or MCP) consume credits for HTTP requests and logic blocks, in addition to AI and
#  connector blocks." "However, if you have Cloud Run enabled when you test a flow on your local canvas, it runs in the
#  cloud and consumes credits." Schedules and webhooks are automated runs, too.
  http-request  |                 | both  | -      | 1 D       | 1 D   | 1 D   | 1 D      | 1 D
# Logic blocks: 1 credit by the older card; that it stayed so is assumed.
  condition     |                 | older | -      | 1 D       | 1 D   | 1 D   | 1 D      | 1 D
  if            |                 | older | -      | 1 D       | 1 D   | 1 D   | 1 D      | 1 D
  validate      |                 | older | -      | 1 D       | 1 D   | 1 D   | 1 D      | 1 D
  evaluate      |                 | older | -      | 1 D       | 1 D   | 1 D   | 1 D      | 1 D
  delay         |                 | older | -      | 1 D       | 1 D   | 1 D   | 1 D      | 1 D
  or            |                 | older | -      | 1 D       | 1 D   | 1 D   | 1 D      | 1 D
  condition     |                 | newer | -      | 1 A       | 1 A   | 1 A   | 1 A      | 1 A
  if            |                 | newer | -      | 1 A       | 1 A   | 1 A   | 1 A      | 1 A
  validate      |                 | newer | -      | 1 A       | 1 A   | 1 A   | 1 A      | 1 A
  evaluate      |                 | newer | -      | 1 A       | 1 A   | 1 A   | 1 A      | 1 A
  delay         |                 | newer | -      | 1 A       | 1 A   | 1 A   | 1 A      | 1 A
  or            |                 | newer | -      | 1 A       | 1 A   | 1 A   | 1 A      | 1 A

# "Manual runs (clicking Run in the app) only consume credits for blocks that run in the cloud, such as AI and connector
#  blocks."
  connector     |                 | both  | 2 D    | 2 D       | 2 D   | 2 D   | 2 D      | 2 D

# "The AI Agent block consumes credits based on the models and tools used during a block run. AI Agent credits are consumed
#  for both local and cloud runs."
  ai-agent      | gpt-4o          | older | 15 D   | 15 D      | 15 D  | 15 D  | 15 D     | 15 D
  ai-agent      | gpt-4o-mini     | older | 1 D    | 1 D       | 1 D   | 1 D   | 1 D      | 1 D
  ai-agent      | gpt-4           | older | 25 D   | 25 D      | 25 D  | 25 D  | 25 D     | 25 D
  ai-agent      | gpt-3.5         | older | 5 D    | 5 D       | 5 D   | 5 D   | 5 D      | 5 D
# "The number of credits consumed by AI models is subject to change."
  ai-agent      | gpt-4o          | newer | 15 A   | 15 A      | 15 A  | 15 A  | 15 A     | 15 A
  ai-agent      | 3 x gpt-4o-mini | newer | 3 A    | 3 A       | 3 A   | 3 A   | 3 A      | 3 A

# "External MCP tool charges are per unique tool invoked during a block run, not per tool call or per tool attached. For
#  example, calling the same tool 100 times costs two credits, while calling three different tools once each costs six
#  credits."
  ai-agent      | 1 tool x 100    | newer | 2 D    | 2 D       | 2 D   | 2 D   | 2 D      | 2 D
  ai-agent      | 3 tools x 1     | newer | 6 D    | 6 D       | 6 D   | 6 D   | 6 D      | 6 D
  ai-agent      | 3 tools x 0     | newer | -      | -         | -     | -     | -        | -

# "AI media model usage is passed through at cost." That a credit stands for $0.001 of it is assumed.
  ai-media      | $0.04           | both  | 40 A   | 40 A      | 40 A  | 40 A  | 40 A     | 40 A
  ai-media      | $0.0123456      | both  | 12.346 A | 12.346 A | 12.346 A | 12.346 A | 12.346 A | 12.346 A

# Before 2026-03-01 a deployed (cloud) run was itself 1 credit; since then a run is its blocks.
  (the run)     |                 | older | -      | 1 D       | 1 D   | 1 D   | 1 D      | 1 D
  (the run)     |                 | newer | -      | -         | -     | -     | -        | -

# A type that no card prices.
  anything-else |                 | both  | -      | -         | -     | -     | -        | -
`;

const RUNS: readonly { readonly trigger: Trigger; readonly cloudRun?: true }[] = [
  { trigger: 'manual' },
  { trigger: 'manual', cloudRun: true },
  { trigger: 'api' },
  { trigger: 'mcp' },
  { trigger: 'schedule' },
  { trigger: 'webhook' },
];

const CARDS: Readonly<Record<string, readonly RateCard[]>> = {
  both: [OLDER, NEWER],
  older: [OLDER],
  newer: [NEWER],
};

/** `3 x gpt-4o-mini`, `3 tools x 1`, `$0.04`. */
function usageOf(text: string): Usage {
  const tools = /^(\d+) tools? x (\d+)$/.exec(text);
  if (tools !== null) {
    const mcpTools = Array.from({ length: Number(tools[1]) }, (_, place) => ({
      server: 'https://tools.example',
      tool: `tool-${place}`,
      calls: Number(tools[2]),
    }));
    return { mcpTools };
  }
  if (text.startsWith('$')) return { model: 'an-image-model', costUsd: text.slice(1) };
  const model = /^(?:(\d+) x )?(gpt-.*)$/.exec(text);
  return model === null ? {} : { modelCalls: [{ model: model[2] ?? '', calls: Number(model[1] ?? 1) }] };
}

const rows = TABLE.split('\n')
  .filter((line) => line.trim() !== '' && !line.startsWith('#'))
  .map((line) => {
    const [type = '', used = '', card = '', ...cells] = line.split('|').map((cell) => cell.trim());
    return { type, used, card, cells };
  });

const LETTERS: Readonly<Record<Provenance, string>> = { documented: 'D', assumed: 'A' };

/** The cell as the code has it: `2 D`. */
function cellOf(type: string, used: string, run: (typeof RUNS)[number], card: RateCard): string {
  const found = contextOf(run);
  if ('faults' in found) throw new Error(JSON.stringify(found.faults));
  const { context } = found;
  const { lines, millicredits } =
    type === '(the run)' ? runCharge(context, card) : charge({ type, usage: usageOf(used) }, context, card);
  if (millicredits === '0') return '-';
  const provenances = new Set(lines.map(({ provenance }) => LETTERS[provenance]));
  return `${formatCredits(parseMillicredits(millicredits))} ${[...provenances].join('')}`;
}

describe.each(rows)('$type $used ($card)', ({ type, used, card, cells }) => {
  it('charges what the table says', () => {
    expect(cells).toHaveLength(RUNS.length);
    const cards = CARDS[card] ?? [];
    expect(cards.length).toBeGreaterThan(0);
    for (const each of cards) expect(RUNS.map((run) => cellOf(type, used, run, each))).toEqual(cells);
  });
});

describe('the table', () => {
  it('has every block type there is, on both cards', () => {
    for (const [name, cards] of Object.entries({ older: [OLDER], newer: [NEWER] })) {
      const listed = rows.filter(({ card }) => card === 'both' || card === name).map(({ type }) => type);
      expect(knownBlockTypes(cards).filter((type) => !listed.includes(type))).toEqual([]);
    }
  });

  it('has every model that is documented', () => {
    const agent = OLDER.blocks['ai-agent'];
    const documented = agent?.price === 'by-model' ? Object.entries(agent.models) : [];
    const models = documented.flatMap(([model, row]) => (row.provenance === 'documented' ? [model] : []));
    expect(models.length).toBeGreaterThan(0);
    for (const model of models) {
      expect(rows.some(({ used, card }) => used === model && card === 'older')).toBe(true);
    }
  });
});
