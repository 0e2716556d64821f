import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import openapiTypes, { astToString } from 'openapi-typescript';
import { Client, Connection } from '@temporalio/client';
import { createApi } from '../src/api';
import { FlowCreditsClient } from '../src/client';
import { openReader } from '../src/ledger/read';
import { loadPricing } from '../src/pricing';

/**
 * Writes the types that the page reads the API by, from the API's own OpenAPI document: `npm run dashboard:types`, or
 * into the file that is named. Nothing needs to run: the document asks neither Postgres nor Temporal.
 */
const HEAD = `/* Generated from the API's OpenAPI document: \`npm run dashboard:types\`. A test says when it is stale. */\n`;

async function main(target: string): Promise<void> {
  const pricing = loadPricing();
  // Both connect when first used, which is never.
  const client = new FlowCreditsClient({ client: new Client({ connection: Connection.lazy() }) });
  const reader = openReader('postgres://nobody@127.0.0.1:1/nothing', pricing);
  const app = await createApi({
    client,
    reader,
    pricing,
    authenticate: () => Promise.reject(new Error('nobody asks')),
  });
  await app.ready();
  const document = JSON.stringify(app.swagger());
  await app.close();
  await reader.close();
  await writeFile(target, HEAD + astToString(await openapiTypes(document)));
}

void main(process.argv[2] ?? join(__dirname, '../dashboard/src/api/schema.d.ts'));
