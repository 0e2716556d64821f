import { setTimeout as delay } from 'node:timers/promises';
import { type Connection } from '@temporalio/client';
import { messageOf } from '../contracts/error-text';
import { SEARCH_ATTRIBUTES } from '../contracts/names';

/** Temporal's number for the type Keyword (`temporal.api.enums.v1.IndexedValueType`). */
const KEYWORD = 2;
/** A cluster may take some seconds until all of its parts know a new attribute. */
const VISIBLE_TIMEOUT_MS = 60_000;

export interface SearchAttributesReport {
  readonly added: readonly string[];
  readonly present: readonly string[];
}

/**
 * Registers our search attributes where they are not, and waits until the cluster knows them: an attribute that is
 * not registered makes starts fail and workflows loop. Safe to repeat.
 * Throws where a name is taken by another type, or where the cluster does not allow it (Temporal Cloud does it by
 * its own command, which the message names).
 */
export async function ensureSearchAttributes(
  connection: Connection,
  namespace: string,
): Promise<SearchAttributesReport> {
  const wanted = Object.values(SEARCH_ATTRIBUTES);
  const before = await registered(connection, namespace);
  const missing = wanted.filter((name) => !before.has(name));
  if (missing.length > 0) {
    await add(connection, namespace, missing);
    await untilKnown(connection, namespace, missing);
  }
  return { added: missing, present: wanted.filter((name) => !missing.includes(name)) };
}

/** Our search attributes that the namespace does not know. */
export async function missingSearchAttributes(
  connection: Pick<Connection, 'operatorService'>,
  namespace: string,
): Promise<string[]> {
  const known = await registered(connection, namespace);
  return Object.values(SEARCH_ATTRIBUTES).filter((name) => !known.has(name));
}

async function registered(
  connection: Pick<Connection, 'operatorService'>,
  namespace: string,
): Promise<Set<string>> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  for (const name of Object.values(SEARCH_ATTRIBUTES)) {
    const type: number | undefined = customAttributes[name];
    if (type !== undefined && type !== KEYWORD) {
      throw new Error(
        `namespace "${namespace}" has a search attribute "${name}" of another type; it must be a Keyword: remove it first`,
      );
    }
  }
  return new Set(Object.keys(customAttributes));
}

async function add(connection: Connection, namespace: string, names: readonly string[]): Promise<void> {
  try {
    await connection.operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(names.map((name) => [name, KEYWORD])),
    });
  } catch (error) {
    const reason = messageOf(error);
    // Another process may have been a moment earlier.
    if (/already exist/i.test(reason)) return;
    throw new Error(
      `namespace "${namespace}": search attributes ${names.join(', ')} could not be added (${reason}); add them as ` +
        `Keyword by "temporal operator search-attribute create", or in Temporal Cloud by ` +
        `"temporal cloud namespace search-attribute create", and repeat`,
      { cause: error },
    );
  }
}

async function untilKnown(
  connection: Connection,
  namespace: string,
  names: readonly string[],
): Promise<void> {
  const deadline = Date.now() + VISIBLE_TIMEOUT_MS;
  for (;;) {
    const known = await registered(connection, namespace);
    const unknown = names.filter((name) => !known.has(name));
    if (unknown.length === 0) return;
    if (Date.now() > deadline) {
      throw new Error(
        `namespace "${namespace}" does not show ${unknown.join(', ')} yet: repeat in some minutes`,
      );
    }
    await delay(200);
  }
}
