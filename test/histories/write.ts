import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { type History } from '../support/history';

const folder = join(__dirname, 'recorded');
/** Above it a history is kept compressed. */
const PLAIN_MOST_CHARACTERS = 1_000_000;

/** Keeps a history where `replay.test.ts` finds it. */
export function writeHistory(name: string, history: History): void {
  mkdirSync(folder, { recursive: true });
  const anonymous: unknown = JSON.parse(historyToJSON(history), withoutOrigin);
  const json = `${JSON.stringify(anonymous, null, 1)}\n`;
  if (json.length <= PLAIN_MOST_CHARACTERS) writeFileSync(join(folder, `${name}.json`), json);
  else writeFileSync(join(folder, `${name}.json.gz`), gzipSync(json, { level: 9 }));
  console.log(name);
}

/** Paths and names of the machine that recorded are nobody's business, and no replay's. */
function withoutOrigin(key: string, value: unknown): unknown {
  if (key === 'stackTrace') return '';
  if (key === 'identity') return 'recorder';
  // A worker's own queue is named after its process and host.
  return typeof value === 'string' && /^\d+@[\w.-]+$/.test(value) ? 'recorder-sticky' : value;
}
