import { messageOf } from '../../contracts/error-text';
import { type BlockCatalog } from '../../contracts/blocks';
import { UserError } from '../output';

/**
 * The block types there are, and the services of connectors: a platform's own, of the modules that FLOW_CREDITS_BLOCKS
 * names, and those of FLOW_CREDITS_CONNECTORS.
 */
export async function blockTypes(env: NodeJS.ProcessEnv = process.env): Promise<BlockCatalog> {
  const { catalogFrom } = await import('../../dev/catalog.js');
  try {
    return catalogFrom(env);
  } catch (error) {
    throw new UserError(messageOf(error));
  }
}
