import { isObject, nestedPlaces, refIn } from './blocks-nested';
import { NESTING_MOST } from './blocks-size';
import { didYouMean } from './blocks-suggest';
import { type Block, type Fault } from './flow';
import { type Json } from './json';
import { show } from './faults';
import { pathOf } from './validate-flow-json';

/** Flows within flows: what is wrong in them, where they call each other in a circle, and how deep they lie. */

export type NamedFlows = Readonly<Record<string, Json>>;

/** Faults from further inside, with the way to them. */
export function within(faults: readonly Fault[], path: string, subject: string): readonly Fault[] {
  return faults.map((fault) => ({
    path: fault.path === 'flow' ? path : `${path}.${fault.path}`,
    message: `${subject}: ${fault.message}`,
  }));
}

/** What is wrong in the flows that a block holds, or with the names of those it calls. */
export function nestedFaults(
  block: Block,
  place: number,
  named: NamedFlows,
  faultsIn: (flow: Json) => readonly Fault[],
): readonly Fault[] {
  const subject = `block "${block.id}"`;
  return nestedPlaces(block).flatMap(({ keys, value, mayBeNamed }): readonly Fault[] => {
    if (!isObject(value)) return [];
    const path = pathOf(['blocks', place, 'config', ...keys]);
    const member = pathOf(keys);
    return mayBeNamed && Object.hasOwn(value, 'ref')
      ? refFaults(value, path, `${subject}: ${member}`, named)
      : within(faultsIn(value), path, `${subject}, ${member}`);
  });
}

/** What is wrong with `{"ref": name}`. */
function refFaults(
  { ref, ...others }: Record<string, Json>,
  path: string,
  subject: string,
  named: NamedFlows,
): readonly Fault[] {
  const [other] = Object.keys(others);
  if (other !== undefined) {
    const message = `${subject} has "ref" and "${other}"; give a flow, or the name of one`;
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
      message: `${subject}.ref is ${show(ref)}, no flow that the run brings${hint}`,
    },
  ];
}

/** The nested flows of a block that need not be well-shaped. */
function placesOf({ type, config }: Record<string, Json>): ReturnType<typeof nestedPlaces> {
  return typeof type === 'string' && isObject(config) ? nestedPlaces({ type, config }) : [];
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
    for (const inner of placesOf(block)) {
      yield* blocksIn(inner.value, [...here, 'config', ...inner.keys], depth + inner.depth);
    }
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
    for (const { keys: inner, value, mayBeNamed, depth: deeper } of placesOf(block)) {
      const name = mayBeNamed ? refIn(value) : null;
      if (name === null) continue;
      calls.push({ name, path: pathOf([...at, 'config', ...inner, 'ref']), depth: depth + deeper });
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
      message: `flow${name === null ? '' : ` "${name}"`}: its loops, called flows and tools lie ${depth} deep in each other; the most is ${NESTING_MOST}`,
    });
  }
  return faults;
}
