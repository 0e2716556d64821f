import { type Client } from '@temporalio/client';
import { type Pool } from 'pg';
import { logged } from '../support';

/**
 * Every text there is in a value of Temporal's API, however deep: bytes as UTF-8 and as base64, texts as they are, names of
 * members too. What is in none of them is nowhere in it.
 */
export function textsOf(value: unknown, around: readonly unknown[] = []): readonly string[] {
  if (typeof value === 'string') return [value];
  if (value instanceof Uint8Array) {
    const bytes = Buffer.from(value);
    return [bytes.toString('utf8'), bytes.toString('base64')];
  }
  if (typeof value !== 'object' || value === null || around.includes(value)) return [];
  // What an error says is not enumerable.
  return Object.getOwnPropertyNames(value).flatMap((name) => {
    const member: unknown = Reflect.get(value, name);
    return [name, ...textsOf(member, [...around, value])];
  });
}

/** The whole history of a workflow as texts, headers and failures included. */
export async function historyTexts(client: Client, workflowId: string): Promise<readonly string[]> {
  const history = await client.workflow.getHandle(workflowId).fetchHistory();
  const texts = textsOf(history);
  if (texts.length < 20) throw new Error(`the history of "${workflowId}" has nothing in it`);
  return texts;
}

/** All that our database holds, as text. */
export async function ledgerTexts(pool: Pool): Promise<readonly string[]> {
  const tables = await pool.query<{ name: string }>(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'flow_credits' AND table_type = 'BASE TABLE'",
  );
  const rows = await Promise.all(
    tables.rows.map(({ name }) =>
      pool.query<{ row: string }>(`SELECT t::text AS row FROM flow_credits.${name} t`),
    ),
  );
  return rows.flatMap((result) => result.rows.map(({ row }) => row));
}

/** All that workers have logged, with what errors say. */
export function logTexts(): readonly string[] {
  const texts = textsOf(logged());
  if (texts.length < 20) throw new Error('nothing was logged');
  return texts;
}

/** The forms in which a text may be found again: as it is, in JSON, in a URL, in hex, and in base64 at any place. */
export function formsOf(value: string): readonly string[] {
  const base64 = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), Buffer.from(value)])
      .toString('base64')
      .slice([0, 2, 3][shift], -4),
  );
  const inJson = JSON.stringify(value).slice(1, -1);
  return [
    value,
    inJson,
    JSON.stringify(inJson).slice(1, -1),
    encodeURIComponent(value),
    new URLSearchParams([['', value]]).toString().slice(1),
    new URL(`http://x/${encodeURI(value)}`).pathname.slice(1),
    Buffer.from(value).toString('hex'),
    ...base64,
  ];
}

/** Which of the values show in the texts, with the text. */
export function found(values: readonly string[], texts: readonly string[]): readonly string[] {
  const all = texts.join('\u0000');
  return values.flatMap((value) =>
    formsOf(value).flatMap((form) => {
      const at = all.indexOf(form);
      return at < 0 ? [] : [`"${value}" as "${form}" in "…${all.slice(Math.max(0, at - 60), at + 60)}…"`];
    }),
  );
}
