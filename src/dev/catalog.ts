import { loadConnectorServices, servicesCatalog } from '../activities/blocks';
import { type BlockCatalog } from '../contracts/blocks';
import { catalogWith } from '../contracts/own-blocks';
import { loadOwn, OWN_BLOCKS_VARIABLE } from '../contracts/own-blocks-load';

/**
 * The block types and the services of connectors there are, as a worker with this environment would have them. Throws an
 * `Error` that names the variable, and what is wrong there.
 */
export function catalogFrom(env: Readonly<NodeJS.ProcessEnv>): BlockCatalog {
  const { blocks, connectors } = loadOwn(env[OWN_BLOCKS_VARIABLE]);
  const services = loadConnectorServices(env['FLOW_CREDITS_CONNECTORS']);
  return catalogWith(blocks, servicesCatalog({ services, connectors }));
}
