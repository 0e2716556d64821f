import { type Flow } from '../../../src/contracts/flow';
import { type BlockStatus } from '../../../src/workflows/interpreter';

/** The port each block delivers on if it runs; `error` is its failure. */
export type Decisions = ReadonlyMap<string, string>;

/**
 * How every block ends, read straight from the rules: ask each block's senders, and theirs. Slow, and without any state.
 * Null where a failure has nowhere to go, so that the run fails.
 */
export function reference(flow: Flow, decisions: Decisions): ReadonlyMap<string, BlockStatus> | null {
  const known = new Map<string, BlockStatus>();
  const uncaught: string[] = [];

  function portOf(id: string): string | null {
    const status = statusOf(id);
    if (status === 'skipped') return null;
    const type = flow.blocks.find((block) => block.id === id)?.type ?? '';
    return type === 'start' || type === 'output' ? 'out' : (decisions.get(id) ?? 'out');
  }

  function statusOf(id: string): BlockStatus {
    const found = known.get(id);
    if (found !== undefined) return found;
    const block = flow.blocks.find((candidate) => candidate.id === id);
    const incoming = flow.connections.filter(({ to }) => to === id);
    const arrived = incoming.filter(({ from, port }) => portOf(from) === (port ?? 'out'));
    const runs =
      incoming.length === 0 ||
      (block?.type === 'or' ? arrived.length > 0 : arrived.length === incoming.length);
    const fails = decisions.get(id) === 'error' && block?.type !== 'start' && block?.type !== 'output';
    const status = !runs ? 'skipped' : fails ? 'failed' : 'done';
    if (status === 'failed' && !flow.connections.some(({ from, port }) => from === id && port === 'error')) {
      uncaught.push(id);
    }
    known.set(id, status);
    return status;
  }

  for (const { id } of flow.blocks) statusOf(id);
  return uncaught.length > 0 ? null : known;
}
