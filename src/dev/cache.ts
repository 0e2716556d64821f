import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where fetched programs are kept between runs: the XDG cache folder, or the platform's own. */
export function cacheDir(env: NodeJS.ProcessEnv = process.env): string {
  return join(baseDir(env), 'temporal-flow-credits');
}

function baseDir(env: NodeJS.ProcessEnv): string {
  if (env['XDG_CACHE_HOME']) return env['XDG_CACHE_HOME'];
  if (process.platform === 'win32' && env['LOCALAPPDATA']) return env['LOCALAPPDATA'];
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches');
  return join(homedir(), '.cache');
}
