import { createRequire } from 'node:module';
import { delimiter, resolve } from 'node:path';
import { isOwnBlock, type OwnBlock } from './own-blocks';

export const OWN_BLOCKS_VARIABLE = 'FLOW_CREDITS_BLOCKS';

/**
 * The blocks that modules export: what `FLOW_CREDITS_BLOCKS` names, separated like the folders of a PATH. Any export may be
 * one, or a list of them. Throws an `Error` that names the module.
 */
export function loadOwnBlocks(modules: string | undefined): readonly OwnBlock[] {
  const files = (modules ?? '').split(delimiter).filter((file) => file.trim() !== '');
  return [...new Set(files.flatMap(blocksOf))];
}

function blocksOf(file: string): readonly OwnBlock[] {
  const path = resolve(file.trim());
  const found = exportsOf(file, path);
  const blocks = [found, ...membersOf(found)]
    .flatMap((each) => [each, ...membersOf(each)])
    .filter(isOwnBlock);
  if (blocks.length > 0) return blocks;
  throw new Error(`${OWN_BLOCKS_VARIABLE}: "${file}" exports no block; export what defineBlock gives`);
}

function membersOf(value: unknown): readonly unknown[] {
  return typeof value === 'object' && value !== null && !isOwnBlock(value) ? Object.values(value) : [];
}

function exportsOf(file: string, path: string): unknown {
  try {
    const required: unknown = createRequire(__filename)(path);
    return required;
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new Error(`${OWN_BLOCKS_VARIABLE}: "${file}" cannot be loaded: ${reason}`, { cause: error });
  }
}
