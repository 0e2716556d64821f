import { lookup as systemLookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector, Pool, type Dispatcher } from 'undici';
import { bareAddress, specialUse } from './http-addresses';
import { HTTP_ALLOW_VARIABLE, type HttpAllowList } from './http-allow';

/** A connection that was not made: its address is not public, and nobody allowed it. No byte was sent. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';

  constructor(host: string, port: number, address: string, what: string) {
    const where = address === host ? host : `${host} is at ${address}`;
    super(
      `${where}, ${what.startsWith('no ') ? what : `a ${what} address`}, which flows may not reach; ` +
        `if they are to, the platform adds "${shown(host)}:${port}" to ${HTTP_ALLOW_VARIABLE} of its workers`,
    );
  }
}

function shown(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

export interface GuardOptions {
  /** What may be reached although it is not public. */
  readonly allow: HttpAllowList;
  /** How names become addresses. Default: the system's. */
  readonly lookup?: LookupFunction | undefined;
}

const CONNECT_TIMEOUT_MS = 10_000;
const CONNECTIONS_PER_ORIGIN = 128;

/**
 * A dispatcher that connects to public addresses only, and to those that are allowed. The check is part of connecting: the
 * addresses that were checked are the ones connected to, so a name that resolves to another address the next time gains
 * nothing, and each hop of a redirect is checked as its connection is made. Proxies of the environment are not used: what
 * a proxy connects to could not be seen.
 *
 * Connections are kept. Who may reach different things needs a dispatcher of their own.
 */
export function guardedDispatcher(options: GuardOptions): Dispatcher {
  return new Agent({
    factory: (origin) =>
      new Pool(origin, {
        connect: connectorTo(new URL(origin), options),
        connections: CONNECTIONS_PER_ORIGIN,
        // The caller's own timeout is the one that counts.
        headersTimeout: 0,
        bodyTimeout: 0,
      }),
  });
}

function connectorTo(origin: URL, { allow, lookup = systemLookup }: GuardOptions): buildConnector.connector {
  const host = bareAddress(origin.hostname);
  const port = Number(origin.port || (origin.protocol === 'https:' ? 443 : 80));
  const refusal = (address: string): AddressRefused | null => {
    const what = specialUse(address);
    return what === null || allow.allows(host, port, address)
      ? null
      : new AddressRefused(host, port, address, what);
  };
  const connect = buildConnector({
    timeout: CONNECT_TIMEOUT_MS,
    port,
    lookup: (name, wanted, done) => {
      lookup(name, wanted, (error, address, family) => {
        done(error ?? firstRefusal(address, refusal), address, family);
      });
    },
  });
  return (to, done) => {
    // An address in the URL is not looked up.
    const refused = isIP(host) === 0 ? null : refusal(host);
    if (refused === null) connect(to, done);
    else done(refused, null);
  };
}

/** Every address counts: which of them answers is not ours to choose. */
function firstRefusal(
  found: string | readonly { readonly address: string }[],
  refusal: (address: string) => AddressRefused | null,
): AddressRefused | null {
  const addresses = typeof found === 'string' ? [found] : found.map(({ address }) => address);
  for (const address of addresses) {
    const refused = refusal(address);
    if (refused !== null) return refused;
  }
  return null;
}
