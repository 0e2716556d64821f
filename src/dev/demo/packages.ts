import { createRequire } from 'node:module';

/** What the agent's act needs beside the package itself, each with a file of it that is loaded. */
const NEEDED: Readonly<Record<string, string>> = {
  openai: 'openai',
  '@modelcontextprotocol/sdk': '@modelcontextprotocol/sdk/client/index.js',
  '@modelcontextprotocol/server-everything': '@modelcontextprotocol/server-everything/dist/index.js',
};

/** Packages that an agent and its MCP server need and that are not installed: who installs without them gets all else. */
export function missingPackages(
  resolve: (file: string) => string = createRequire(__filename).resolve,
): string[] {
  return Object.entries(NEEDED).flatMap(([name, file]) => {
    try {
      resolve(file);
      return [];
    } catch {
      return [name];
    }
  });
}
