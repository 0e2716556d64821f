import { NESTED_IN, isObject } from './blocks-nested';
import { NESTING_MOST } from './blocks-size';
import { didYouMean } from './blocks-suggest';
import { type Block, type Fault } from './flow';
import { type Json } from './json';
import { show } from './validate-flow-issues';
import { pathOf } from './validate-flow-json';

/** Flows within flows: what is wrong in them, where they call each other in a circle, and how deep they lie. */

export type NamedFlows = Readonly<Record<string, Json>>;

function memberOf(type: Json | undefined): string | null {
  return typeof type === 'string' && Object.hasOwn(NESTED_IN, type) ? (NESTED_IN[type] ?? null) : null;
}

/** Faults from further inside, with the way to them. */
export function within(faults: readonly Fault[], path: string, subject: string): readonly Fault[] {
  return faults.map((fault) => ({
    path: fault.path === 'flow' ? path : `${path}.${fault.path}`,
    message: `${subject}: ${fault.message}`,
  }));
}

/** What is wrong in the flow that a block holds, or with the name of the one it calls. */
export function nestedFaults(
  { id, type, config }: Block,
  place: number,
  named: NamedFlows,
  faultsIn: (flow: Json) => readonly Fault[],
): readonly Fault[] {
  const member = memberOf(type);
  const value = member === null ? undefined : config[member];
  if (member === null || !isObject(value)) return [];
  const path = pathOf(['blocks', place, 'config', member]);
  const subject = `block "${id}"`;
  if (type !== 'flow' || !Object.hasOwn(value, 'ref')) {
    return within(faultsIn(value), path, `${subject}, ${member}`);
  }
  const { ref, ...others } = value;
  const [other] = Object.keys(others);
  if (other !== undefined) {
    const message = `${subject}: flow has "ref" and "${other}"; give a flow, or the name of one`;
    return [{ path: `${path}.${other}`, message }];
  }
  if (typeof ref === 'string' && Object.hasOwn(named, ref)) return [];
  const names = Object.keys(named);
  const hint =
    names.length === 0
      ? '; the run brings no flows: name them in "flows", beside "flow"'
      : didYouMean(typeof ref === 'string' ? ref : show(ref), names);
  return [
    {
      path: `${path}.ref`,
      message: `${subject}: flow.ref is ${show(ref)}, no flow that the run brings${hint}`,
    },
  ];
}

/** Every block of a flow, those of its nested flows included; `depth` counts the flows around it. */
function* blocksIn(
  flow: Json,
  keys: readonly PropertyKey[] = [],
  depth = 0,
): Generator<{
  readonly block: Record<string, Json>;
  readonly keys: readonly PropertyKey[];
  readonly depth: number;
}> {
  const blocks = isObject(flow) ? flow['blocks'] : undefined;
  if (!Array.isArray(blocks)) return;
  for (const [place, block] of blocks.entries()) {
    if (!isObject(block)) continue;
    const here = [...keys, 'blocks', place];
    yield { block, keys: here, depth };
    const member = memberOf(block['type']);
    const inner = member !== null && isObject(block['config']) ? block['config'][member] : undefined;
    if (member !== null && inner !== undefined)
      yield* blocksIn(inner, [...here, 'config', member], depth + 1);
  }
}

/** The configs of all blocks of a type, however deep. */
export function configsOf(type: string, flow: Json): readonly Record<string, Json>[] {
  return [...blocksIn(flow)].flatMap(({ block }) =>
    block['type'] === type && isObject(block['config']) ? [block['config']] : [],
  );
}

interface Call {
  readonly name: string;
  readonly path: string;
  readonly depth: number;
}

interface Depths {
  readonly calls: readonly Call[];
  readonly own: number;
}

function depthsOf(flow: Json, keys: readonly PropertyKey[]): Depths {
  const calls: Call[] = [];
  let own = 0;
  for (const { block, keys: at, depth } of blocksIn(flow, keys)) {
    const config = isObject(block['config']) ? block['config'] : {};
    const called = block['type'] === 'flow' ? config['flow'] : undefined;
    const ref = isObject(called) ? called['ref'] : undefined;
    if (typeof ref === 'string') {
      calls.push({ name: ref, path: pathOf([...at, 'config', 'flow', 'ref']), depth: depth + 1 });
    }
    own = Math.max(own, depth);
  }
  return { calls, own };
}

/** Flows that call themselves, on whatever way, and flows that lie too deep in each other. Names are known here. */
export function nestingFaults(flow: Json, named: NamedFlows): readonly Fault[] {
  const faults: Fault[] = [];
  const all = new Map(
    Object.entries(named).map(([name, value]) => [name, depthsOf(value, ['flows', name])] as const),
  );
  const depths = new Map<string, number>();

  function deepest({ calls, own }: Depths, way: readonly string[]): number {
    return calls.reduce((most, { name, path, depth }) => {
      const known = depths.get(name);
      if (known !== undefined) return Math.max(most, depth + known);
      const start = way.indexOf(name);
      if (start >= 0) {
        const circle = [...way.slice(start), name].map((each) => `"${each}"`).join(' -> ');
        const message = `flow "${name}" calls itself: ${circle}; a flow may not, let a "repeat" block go round`;
        faults.push({ path, message });
        return most;
      }
      const called = all.get(name);
      const found = called === undefined ? 0 : deepest(called, [...way, name]);
      depths.set(name, found);
      return Math.max(most, depth + found);
    }, own);
  }

  for (const [name, each] of [...all, [null, depthsOf(flow, [])] as const]) {
    const depth = deepest(each, name === null ? [] : [name]);
    if (name !== null) depths.set(name, depth);
    if (depth <= NESTING_MOST) continue;
    faults.push({
      path: name === null ? 'blocks' : pathOf(['flows', name]),
      message: `flow${name === null ? '' : ` "${name}"`}: its loops and called flows lie ${depth} deep in each other; the most is ${NESTING_MOST}`,
    });
  }
  return faults;
}
