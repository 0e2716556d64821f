import { flowIn } from '../../../src/contracts/blocks-nested';
import { type Block, type Flow } from '../../../src/contracts/flow';
import { type Json } from '../../../src/contracts/json';
import { PORTS } from './flows';
import { type Decisions } from './nested-flows';

/** What should come of a flow, read straight from the rules: every block and every iteration, without any state. */
export interface Expected {
  /** What each block that runs gets, by its key. */
  readonly executed: ReadonlyMap<string, Record<string, Json>>;
  /** Keys of the blocks that fail with nothing to catch them: the first of them, whichever it is, fails the flow. */
  readonly uncaught: ReadonlySet<string>;
  readonly outputs: Record<string, Json>;
  /** Prefixes of loops that failed: how much of them was done depends on the order. */
  readonly broken: ReadonlySet<string>;
}

/** A failure's message depends on which came first. */
export const FAILURE_VALUE: Json = { message: '*', type: 'Test' };

interface End {
  /** Null: skipped. */
  readonly port: string | null;
  readonly value: Json;
}

export function expected(flow: Flow, input: Json, decisions: Decisions, prefix = ''): Expected {
  const executed = new Map<string, Record<string, Json>>();
  const uncaught = new Set<string>();
  const broken = new Set<string>();
  const ends = new Map<string, End>();

  function endOf(id: string): End {
    const known = ends.get(id);
    if (known !== undefined) return known;
    const block = flow.blocks.find((each) => each.id === id);
    if (block === undefined) throw new Error(id);
    const end = run(block);
    ends.set(id, end);
    return end;
  }

  function run(block: Block): End {
    if (block.type === 'start') return { port: 'out', value: input };
    const incoming = flow.connections.filter(({ to }) => to === block.id);
    const arrived = incoming.filter(({ from, port }) => endOf(from).port === port);
    const anyOf = block.type === 'collect';
    if (incoming.length > 0 && (anyOf ? arrived.length === 0 : arrived.length < incoming.length)) {
      return { port: null, value: null };
    }
    const inputs = Object.fromEntries(arrived.map(({ from }) => [from, endOf(from).value]));
    const values = Object.values(inputs);
    const own = values.length > 1 ? inputs : (values[0] ?? null);
    if (block.type === 'collect') return { port: 'out', value: arrived.map(({ from }) => endOf(from).value) };
    if (block.type === 'output') return { port: 'out', value: own };
    if (['for', 'repeat', 'flow'].includes(block.type)) return loop(block, own);
    const key = prefix + block.id;
    executed.set(key, inputs);
    const port = decisions.port(key, PORTS[block.type] ?? []);
    if (port !== 'error') return { port, value: decisions.value(key) ?? own };
    return failure(block, [key]);
  }

  function failure({ id }: Block, origins: Iterable<string>): End {
    const caught = flow.connections.some(({ from, port }) => from === id && port === 'error');
    if (!caught) for (const origin of origins) uncaught.add(origin);
    return { port: 'error', value: FAILURE_VALUE };
  }

  function loop(block: Block, own: Json): End {
    const key = prefix + block.id;
    const body = flowIn(block.config[block.type === 'flow' ? 'flow' : 'body']);
    if (body === null) throw new Error(`${key} has no body`);
    const origins = new Set<string>();
    const results: Json[] = [];
    const outputs = body.blocks.filter(({ type }) => type === 'output');
    const once = (given: Json, inner: string): void => {
      const came = expected(body, given, decisions, inner);
      for (const [each, inputs] of came.executed) executed.set(each, inputs);
      for (const each of came.broken) broken.add(each);
      for (const each of came.uncaught) origins.add(each);
      const [only] = outputs;
      results.push(
        only === undefined ? null : outputs.length > 1 ? came.outputs : (came.outputs[only.id] ?? null),
      );
    };
    const { config } = block;
    if (block.type === 'flow') once(own, `${key}/`);
    else if (block.type === 'for') {
      const given = config['items'];
      const source = given === undefined ? own : given === 'asked' ? decisions.items(key) : given;
      const items = Array.isArray(source) ? source : source === null ? [] : [source];
      items.forEach((item, index) => {
        once(given === undefined ? { item, index } : { item, index, input: own }, `${key}[${index}]/`);
      });
    } else {
      const times = typeof config['times'] === 'number' ? config['times'] : decisions.times(key);
      for (let index = 0; index < times; index += 1) {
        const last = config['while'] === undefined || index === 0 ? {} : { last: results.at(-1) ?? null };
        once({ index, input: own, ...last }, `${key}[${index}]/`);
      }
    }
    if (origins.size > 0) {
      broken.add(key);
      return failure(block, origins);
    }
    if (block.type === 'flow') return { port: 'out', value: results[0] ?? null };
    const connected = flow.connections.some(({ from, port }) => from === block.id && port === 'out');
    return { port: 'out', value: connected && outputs.length > 0 ? results : results.length };
  }

  for (const { id } of flow.blocks) endOf(id);
  const outputs = flow.blocks
    .filter(({ id, type }) => type === 'output' && endOf(id).port !== null)
    .map(({ id }) => [id, endOf(id).value] as const);
  return { executed, uncaught, broken, outputs: Object.fromEntries(outputs) };
}
