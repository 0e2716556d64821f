import { ApplicationFailure } from '@temporalio/workflow';
import { AGENT_RESULT_MOST_BYTES } from '../../contracts/blocks-agent';
import { flowToolsOf } from '../../contracts/blocks-nested';
import { sizeText, utf8Bytes } from '../../contracts/blocks-size';
import { FAILURE } from '../../contracts/failures';
import { type Block, type Flow } from '../../contracts/flow';
import { type Json } from '../../contracts/json';
import { toolPrefix } from '../interpreter';
import { type PlannedCall } from './conversation';

/**
 * Executes a flow within the run and gives its outputs. The keys of its blocks begin with `prefix`. It rejects with
 * `BlockFailed` where the flow fails, and with anything else where the run ends.
 */
export type ExecuteInner = (prefix: string, flow: Flow, input: Json) => Promise<Record<string, Json>>;

type FlowCall = Extract<PlannedCall, { readonly kind: 'flow' }>;

/** What the model is told of its call of a flow: its outputs as JSON, or why it failed. */
export async function callFlow(
  key: string,
  block: Block,
  { tool, index, arguments: input }: FlowCall,
  execute: ExecuteInner,
): Promise<string> {
  const flow = flowToolsOf(block).find(({ name }) => name === tool)?.flow ?? null;
  if (flow === null) return `error: the flow of the tool "${tool}" is not at hand`;
  try {
    return cutResult(JSON.stringify(await execute(toolPrefix(key, tool, index), flow, input)));
  } catch (error) {
    if (!(error instanceof ApplicationFailure) || error.type !== FAILURE.blockFailed) throw error;
    return cutResult(`error: ${blockIn(error)}${error.message}`);
  }
}

function blockIn({ details }: ApplicationFailure): string {
  const [detail] = details ?? [];
  const named = typeof detail === 'object' && detail !== null && 'block' in detail ? detail.block : '';
  return typeof named === 'string' && named !== '' ? `block "${named}": ` : '';
}

/** A result within its bound, as that of any tool. Counted by characters: the workflow sandbox need not have a decoder. */
export function cutResult(text: string): string {
  const bytes = utf8Bytes(text);
  if (bytes <= AGENT_RESULT_MOST_BYTES) return text;
  let shown = 0;
  let room = AGENT_RESULT_MOST_BYTES;
  for (const character of text) {
    room -= utf8Bytes(character);
    if (room < 0) break;
    shown += character.length;
  }
  return `${text.slice(0, shown)}\n[cut: the first ${sizeText(AGENT_RESULT_MOST_BYTES)} of ${sizeText(bytes)}]`;
}
