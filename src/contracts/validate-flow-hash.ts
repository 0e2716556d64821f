import { createHash } from 'node:crypto';
import { type Flow } from './flow';
import { type Json } from './json';

/** JSON with the members of every object in the order of their names: equal values are equal texts. */
export function canonicalJson(value: Json): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}

/**
 * The content hash a run pins: SHA-256 of the flow's canonical JSON, with the flows it may call, in hex. The order of
 * members does not matter, the order of blocks and connections does: it is the order in which they run.
 */
export function flowHash(flow: Flow, flows: Readonly<Record<string, Flow>> = {}): string {
  const named = Object.entries(flows).map(([name, each]) => [name, plain(each)] as const);
  const whole = plain(flow);
  const content = named.length === 0 ? whole : { ...whole, flows: Object.fromEntries(named) };
  return createHash('sha256').update(canonicalJson(content), 'utf8').digest('hex');
}

function plain({ name, blocks, connections }: Flow): Record<string, Json> {
  return {
    name,
    blocks: blocks.map(({ id, type, config }) => ({ id, type, config })),
    connections: connections.map(({ from, port, to }) => ({ from, port: port ?? 'out', to })),
  };
}
