import { createRequire } from 'node:module';
import { delimiter, resolve } from 'node:path';
import { isConnector, type Connector } from './connectors';
import { isOwnBlock, type OwnBlock } from './own-blocks';

export const OWN_BLOCKS_VARIABLE = 'FLOW_CREDITS_BLOCKS';

/** What modules of a platform export. */
export interface OwnExports {
  readonly blocks: readonly OwnBlock[];
  readonly connectors: readonly Connector[];
}

/**
 * The blocks and connectors that modules export: what `FLOW_CREDITS_BLOCKS` names, separated like the folders of a PATH.
 * Any export may be one, or a list of them. Throws an `Error` that names the module.
 */
export function loadOwn(modules: string | undefined): OwnExports {
  const files = (modules ?? '').split(delimiter).filter((file) => file.trim() !== '');
  const all = [...new Set(files.flatMap(exportedBy))];
  return { blocks: all.filter(isOwnBlock), connectors: all.filter(isConnector) };
}

/** The blocks alone; see {@link loadOwn}. */
export function loadOwnBlocks(modules: string | undefined): readonly OwnBlock[] {
  return loadOwn(modules).blocks;
}

function isOwn(value: unknown): value is OwnBlock | Connector {
  return isOwnBlock(value) || isConnector(value);
}

function exportedBy(file: string): readonly (OwnBlock | Connector)[] {
  const path = resolve(file.trim());
  const found = exportsOf(file, path);
  const all = [found, ...membersOf(found)].flatMap((each) => [each, ...membersOf(each)]).filter(isOwn);
  if (all.length > 0) return all;
  throw new Error(
    `${OWN_BLOCKS_VARIABLE}: "${file}" exports no block and no connector; export what defineBlock or defineConnector gives`,
  );
}

function membersOf(value: unknown): readonly unknown[] {
  return typeof value === 'object' && value !== null && !isOwn(value) ? Object.values(value) : [];
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
