import { messageOf } from '../../contracts/error-text';
import { serverAway } from '../../contracts/server-away';
import { DEV, UserError } from '../output';

/**
 * By their codes, or texts where they have none: what Postgres itself refuses (who asks, which database, what is in
 * it), and whom Node does not trust.
 */
const REFUSALS: readonly (readonly [RegExp, string, string])[] = [
  [/^28/, 'does not let this user in', 'set DATABASE_URL with a user and a password that it knows'],
  [/^3D000$/, 'has no such database', 'create it, or name another one in DATABASE_URL'],
  [/^(42P01|3F000)$/, 'has no ledger in it', 'prepare it with "flow-credits setup"'],
  [
    /^(.*SELF_SIGNED_CERT.*|UNABLE_TO_.*|CERT_.*|ERR_TLS_CERT_ALTNAME_INVALID)$/,
    'has a certificate that is not trusted',
    'name the file of the authority that signed it in DATABASE_URL (?sslmode=verify-full&sslrootcert=FILE), and reach it by the name it is for',
  ],
  [
    /does not support SSL/,
    'has no TLS',
    'turn it on there, or leave sslmode out of DATABASE_URL where the way to it is safe without',
  ],
  [/^42501$/, 'does not let this user read', 'set DATABASE_URL with a user that may read the ledger'],
];

function refusalOf(error: unknown): readonly [string, string] | null {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  const told = typeof code === 'string' ? code : messageOf(error);
  const found = REFUSALS.find(([codes]) => codes.test(told));
  return found === undefined ? null : [found[1], found[2]];
}

/** Does something with a database. Throws `UserError` that says where it is, never with a password, what is wrong, and the way out. */
export async function atPostgres<T>(databaseUrl: string, use: () => Promise<T>): Promise<T> {
  const { databaseAddress } = await import('../../ledger/read/address.js');
  const address = databaseAddress(databaseUrl);
  if (address === null) {
    // Its text may hold a password.
    throw new UserError(
      'DATABASE_URL is no address of a Postgres: write postgres://USER:PASSWORD@HOST:5432/DATABASE',
    );
  }
  try {
    return await use();
  } catch (error) {
    const refused = refusalOf(error);
    const away = refused === null && serverAway(error) === 'Postgres';
    if (refused === null && !away) throw error;
    const [what, way] = refused ?? [
      'does not answer',
      `see that it runs there, set DATABASE_URL to where it does, or start one with "${DEV}"`,
    ];
    throw new UserError(`Postgres at ${address} ${what} (${messageOf(error)}): ${way}`, { cause: error });
  }
}

/** Does something with a Temporal that was reached. Throws `UserError` that says where it was, where it is gone meanwhile. */
export async function atTemporal<T>(address: string, use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (error) {
    if (serverAway(error) !== 'Temporal') throw error;
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    throw new UserError(
      `Temporal at ${address} does not answer any more (${messageOf(cause)}): what was asked for may still be done; see that it runs, then look`,
      { cause: error },
    );
  }
}
