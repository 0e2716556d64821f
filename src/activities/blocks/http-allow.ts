import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net';
import { messageOf } from '../../contracts/error-text';
import { bareAddress } from './http-addresses';

/**
 * What requests may reach although it is not on the public internet. Entries:
 *
 * - `crm.internal`: whatever that name resolves to; `crm.internal:8080`: on that port only.
 * - `10.1.2.3`, `[::1]:8080`, `10.1.0.0/16`, `fd00::/8`: those addresses, under any name.
 */
export interface HttpAllowList {
  /** `host` as the URL has it, without brackets. */
  allows(host: string, port: number, address: string): boolean;
}

export const HTTP_ALLOW_VARIABLE = 'FLOW_CREDITS_HTTP_ALLOW';

/** This machine itself, as the dev stack, the demo and tests allow it. */
export const LOOPBACK: readonly string[] = ['127.0.0.1', '::1'];

type Rule = (host: string, port: number, address: string) => boolean;

/** The entries of a list in text, separated by commas or white space. */
export function allowEntries(text: string | undefined): readonly string[] {
  return (text ?? '').split(/[\s,]+/).filter((entry) => entry !== '');
}

/** What `FLOW_CREDITS_HTTP_ALLOW` names. Throws a `TypeError` that names the variable and the entry that is none. */
export function httpAllowFrom(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const entries = allowEntries(env[HTTP_ALLOW_VARIABLE]);
  try {
    allowList(entries);
  } catch (error) {
    const reason = messageOf(error);
    throw new TypeError(`${HTTP_ALLOW_VARIABLE}: ${reason}`, { cause: error });
  }
  return entries;
}

/** Throws `TypeError` that names the entry that is none. */
export function allowList(entries: readonly string[]): HttpAllowList {
  const rules = entries.map(ruleOf);
  return { allows: (host, port, address) => rules.some((rule) => rule(hostName(host), port, address)) };
}

function ruleOf(entry: string): Rule {
  const [, network = '', prefix] = /^(.*)\/(\d{1,3})$/.exec(entry) ?? [];
  if (prefix !== undefined) return networkRule(entry, network, Number(prefix));
  const { host, port } = parts(entry);
  const onPort = (actual: number): boolean => port === null || actual === port;
  if (isIP(host) !== 0) {
    const same = networkRule(entry, host, isIPv4(host) ? 32 : 128);
    return (name, actual, address) => onPort(actual) && same(name, actual, address);
  }
  return (name, actual) => onPort(actual) && name === host;
}

function networkRule(entry: string, network: string, prefix: number): Rule {
  const family = isIPv4(network) ? 'ipv4' : isIPv6(network) ? 'ipv6' : null;
  if (family === null || prefix > (family === 'ipv4' ? 32 : 128)) throw noEntry(entry);
  const list = new BlockList();
  list.addSubnet(network, prefix, family);
  return (_host, _port, given) => {
    const address = bareAddress(given);
    if (isIP(address) === 0) return false;
    return list.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
  };
}

function parts(entry: string): { readonly host: string; readonly port: number | null } {
  if (isIPv6(entry)) return { host: entry, port: null };
  const [, host = '', port] = /^(\[[^\]]+\]|[^:[\]/?#@\\\s]+)(?::(\d{1,5}))?$/.exec(entry) ?? [];
  // The URL parser knows how names are written: lower case, punycode, dotted numbers.
  const url = `http://${host}/`;
  if (host === '' || !URL.canParse(url) || (port !== undefined && Number(port) > 65_535))
    throw noEntry(entry);
  return { host: hostName(new URL(url).hostname), port: port === undefined ? null : Number(port) };
}

/** `host:port`, as an entry of what may be reached. */
export function hostAndPort({ hostname, port, protocol }: URL): string {
  return `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`;
}

/** A name as it is compared: `localhost.` is `localhost`. */
function hostName(host: string): string {
  return bareAddress(host).toLowerCase().replace(/\.$/, '');
}

function noEntry(entry: string): TypeError {
  return new TypeError(
    `"${entry}" names nothing that may be reached; write a host ("crm.internal"), a host and a port ("crm.internal:8080"), or addresses ("10.1.0.0/16")`,
  );
}
