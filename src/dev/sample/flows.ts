import { type FlowInput } from '../../contracts/flow';
import { type Usage } from '../../contracts/usage';

/** A flow, and what its blocks use in the so-manieth run of it. What is not named uses nothing that could be counted. */
export interface Play {
  readonly flow: FlowInput;
  readonly used: (run: number) => Readonly<Record<string, Usage>>;
}

export interface Plays {
  /** A request and some logic. */
  readonly review: Play;
  /** Logic alone. */
  readonly report: Play;
  /** Logic that takes two hours. */
  readonly watch: Play;
  /** A request, a connector, some logic. */
  readonly welcome: Play;
  /** An agent with tools, then a connector. */
  readonly answers: Play;
  /** Pictures, passed through at cost. */
  readonly pictures: Play;
}

/** The first three need no provider: the stack's worker runs them. All others are of the past. */
export function playsFor(apiUrl: string | null): Plays {
  // The stack's own API: nothing else is sure to be there.
  const asking = (id: string): Blocks =>
    apiUrl === null ? [] : [{ id, type: 'http-request', config: { url: `${apiUrl}/health` } }];
  return {
    review: plain(chain('order review', [...asking('ask-stock'), ...sums('price', 'tax', 'total')])),
    report: plain(chain('nightly report', sums('gather', 'sum up'))),
    watch: plain(
      chain('delivery watch', [
        { id: 'courier', type: 'delay', config: { duration: 'PT2H' } },
        ...sums('arrived', 'thanks'),
      ]),
    ),
    welcome: plain(WELCOME),
    answers: {
      flow: ANSWERS,
      used: (run) => ({
        answer: {
          modelCalls: [{ model: MODEL, calls: 1 }],
          mcpTools: TOOLS.slice(0, run % (TOOLS.length + 1)).map((tool) => ({
            server: 'helpdesk',
            tool,
            calls: 1 + (run % 2),
          })),
        },
      }),
    },
    pictures: {
      flow: PICTURES,
      used: (run) => ({
        picture: { model: 'gpt-image-1', costUsd: PICTURE_COSTS[run % PICTURE_COSTS.length] ?? '0.042' },
      }),
    },
  };
}

type Blocks = FlowInput['blocks'];

const MODEL = 'gpt-4o';
const TOOLS = ['find_article', 'find_order', 'open_ticket'];
const PICTURE_COSTS = ['0.042', '0.0105', '0.063', '0.042'];

const WELCOME = chain('customer onboarding', [
  { id: 'customer', type: 'http-request', config: { url: 'https://crm.example/customers/42' } },
  { id: 'a-moment', type: 'delay', config: { duration: 'PT2S' } },
  {
    id: 'manager',
    type: 'connector',
    config: { service: 'crm', operation: 'assignManager', parameters: { customer: '42' } },
  },
  { id: 'greeting', type: 'evaluate', config: { expression: '"Welcome, " & input.name' } },
]);

const ANSWERS = chain('support answers', [
  {
    id: 'answer',
    type: 'ai-agent',
    config: {
      provider: 'openai',
      model: MODEL,
      prompt: 'Answer the customer: {{ input.question }}',
      tools: [{ kind: 'mcp', server: 'helpdesk', tools: TOOLS }],
    },
  },
  {
    id: 'reply',
    type: 'connector',
    config: { service: 'helpdesk', operation: 'reply', parameters: { text: '{{ input.text }}' } },
  },
]);

const PICTURES = chain('product pictures', [
  { id: 'product', type: 'http-request', config: { url: 'https://shop.example/products/lamp' } },
  {
    id: 'picture',
    type: 'ai-media',
    config: { provider: 'openai', model: 'gpt-image-1', prompt: 'A picture of {{ input.body.name }}' },
  },
]);

function plain(flow: FlowInput): Play {
  return { flow, used: () => ({}) };
}

function sums(...names: readonly string[]): Blocks {
  return names.map((name) => ({
    id: name.replace(' ', '-'),
    type: 'evaluate',
    config: { expression: '$sum([19, 23])' },
  }));
}

function chain(name: string, blocks: Blocks): FlowInput {
  const all = [{ id: 'start', type: 'start' }, ...blocks, { id: 'result', type: 'output' }];
  return {
    name,
    blocks: all,
    connections: all.slice(1).map(({ id }, index) => ({ from: all[index]?.id ?? '', to: id })),
  };
}
