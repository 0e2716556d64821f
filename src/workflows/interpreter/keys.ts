/**
 * A block's key is its whole path: `for1[3]/call/h` is block `h` of the flow that `call` calls, in iteration 3 of `for1`.
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

/** Whether a key is that of a block in a loop or in a called flow. */
export function isNested(key: string): boolean {
  return key.includes('/');
}
