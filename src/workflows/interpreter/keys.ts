/**
 * A block's key is its whole path: `for1[3]/call/h` is block `h` of the flow that `call` calls, in iteration 3 of `for1`.
 * `agent/lookup#0/h` is block `h` of the flow that `agent` has as its tool `lookup`, in the first call of it. No id has a
 * `#`, so these are no other blocks' keys. What comes before such a flow is put before its keys from outside: to its own
 * interpreter the block is `h`.
 */

/** One step on the way: a block, and which iteration of it, if it is a loop's. */
export interface Segment {
  readonly id: string;
  readonly index: number | null;
}

const SEGMENT = /^([^[\]/]+)(?:\[(\d+)\])?$/;

/** The way to a block. Throws `RangeError` on a text that is no key. */
export function segmentsOf(key: string): readonly Segment[] {
  return key.split('/').map((text) => {
    const match = SEGMENT.exec(text);
    const id = match?.[1];
    if (id === undefined) throw new RangeError(`"${key}" is no block's key`);
    const index = match?.[2];
    return { id, index: index === undefined ? null : Number(index) };
  });
}

/** What the keys of all blocks in one iteration (or in a called flow) begin with. */
export function prefixOf(outer: string, id: string, index: number | null): string {
  return index === null ? `${outer}${id}/` : `${outer}${id}[${index}]/`;
}

/** What the keys of all blocks in one call of a tool begin with. */
export function toolPrefix(agent: string, tool: string, index: number): string {
  return `${agent}/${tool}#${index}/`;
}

/** Whether a key is that of a block in a loop, in a called flow or in a tool. */
export function isNested(key: string): boolean {
  return key.includes('/');
}
