import { type BlockCatalog } from '../../contracts/blocks';
import { UserError } from '../output';

/** The block types there are, a platform's own included: those of the modules that FLOW_CREDITS_BLOCKS names. */
export async function blockTypes(env: NodeJS.ProcessEnv = process.env): Promise<BlockCatalog> {
  const [{ catalogWith }, { loadOwnBlocks, OWN_BLOCKS_VARIABLE }] = await Promise.all([
    import('../../contracts/own-blocks.js'),
    import('../../contracts/own-blocks-load.js'),
  ]);
  try {
    return catalogWith(loadOwnBlocks(env[OWN_BLOCKS_VARIABLE]));
  } catch (error) {
    throw new UserError(error instanceof Error ? error.message : String(error));
  }
}
