import { BlockList, isIP, isIPv4 } from 'node:net';

/**
 * What is not on the public internet, by the special-purpose registries of IANA. Written as lists of what is refused for
 * IPv4, where most of the space is public, and around what is allowed for IPv6, where most of it is not.
 */

type Range = readonly [network: string, prefix: number, what: string];

const IPV4: readonly Range[] = [
  ['0.0.0.0', 8, 'this host'],
  ['10.0.0.0', 8, 'private'],
  ['100.64.0.0', 10, 'carrier-grade NAT'],
  ['127.0.0.0', 8, 'loopback'],
  ['169.254.0.0', 16, 'link-local'],
  ['172.16.0.0', 12, 'private'],
  ['192.0.0.0', 24, 'reserved'],
  ['192.0.2.0', 24, 'documentation'],
  ['192.88.99.0', 24, '6to4 relay'],
  ['192.168.0.0', 16, 'private'],
  ['198.18.0.0', 15, 'benchmarking'],
  ['198.51.100.0', 24, 'documentation'],
  ['203.0.113.0', 24, 'documentation'],
  ['224.0.0.0', 4, 'multicast'],
  ['255.255.255.255', 32, 'broadcast'],
  ['240.0.0.0', 4, 'reserved'],
];

const IPV6: readonly Range[] = [
  ['::', 128, 'unspecified'],
  ['::1', 128, 'loopback'],
  ['fc00::', 7, 'private'],
  ['fe80::', 10, 'link-local'],
  ['fec0::', 10, 'site-local'],
  ['ff00::', 8, 'multicast'],
  ['64:ff9b:1::', 48, 'local NAT64'],
  // Both tunnel to an IPv4 address, through a relay that may be anywhere.
  ['2002::', 16, '6to4'],
  ['2001::', 32, 'Teredo'],
  ['2001::', 23, 'reserved'],
  ['2001:db8::', 32, 'documentation'],
  ['3fff::', 20, 'documentation'],
];

/** All unicast addresses that were ever given out for the public internet. */
const IPV6_PUBLIC: Range = ['2000::', 3, 'public'];

interface Class {
  readonly list: BlockList;
  readonly what: string;
}

function classes(family: 'ipv4' | 'ipv6', ranges: readonly Range[]): readonly Class[] {
  return ranges.map(([network, prefix, what]) => {
    const list = new BlockList();
    list.addSubnet(network, prefix, family);
    return { list, what };
  });
}

const IPV4_CLASSES = classes('ipv4', IPV4);
const IPV6_CLASSES = classes('ipv6', IPV6);
const [PUBLIC] = classes('ipv6', [IPV6_PUBLIC]);

/** Prefixes whose last 32 bits are the IPv4 address that is meant: mapped, NAT64. */
const WITH_IPV4 = ['0:0:0:0:0:ffff', '64:ff9b:0:0:0:0'];

/** The eight groups of an IPv6 address, lower case, without leading zeros. */
function groupsOf(address: string): readonly string[] {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  const hex = (high: string | undefined, low: string | undefined): string =>
    (Number(high) * 256 + Number(low)).toString(16);
  const text =
    dotted === null ? address : `${dotted[1] ?? ''}${hex(dotted[2], dotted[3])}:${hex(dotted[4], dotted[5])}`;
  const [before = '', after] = text.split('::');
  const groups = (part: string): string[] => (part === '' ? [] : part.split(':'));
  const head = groups(before);
  const tail = after === undefined ? [] : groups(after);
  const zeros = after === undefined ? [] : Array<string>(8 - head.length - tail.length).fill('0');
  return [...head, ...zeros, ...tail].map((group) => parseInt(group, 16).toString(16));
}

/** The IPv4 address that an IPv6 address stands for, or null. */
function embedded(address: string): string | null {
  const groups = groupsOf(address);
  if (!WITH_IPV4.includes(groups.slice(0, 6).join(':'))) return null;
  const [high = 0, low = 0] = groups.slice(6).map((group) => parseInt(group, 16));
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

/**
 * What kind of address it is if it is not a public one (`loopback`, `private`, …), else null. An IPv6 address that stands
 * for an IPv4 one is what that is. What is no address is refused as `no address`.
 */
export function specialUse(given: string): string | null {
  const address = bareAddress(given);
  if (isIP(address) === 0) return 'no address';
  if (isIPv4(address)) return IPV4_CLASSES.find(({ list }) => list.check(address, 'ipv4'))?.what ?? null;
  const special = IPV6_CLASSES.find(({ list }) => list.check(address, 'ipv6'))?.what;
  if (special !== undefined) return special;
  const inner = embedded(address);
  if (inner !== null) return specialUse(inner);
  return PUBLIC?.list.check(address, 'ipv6') === true ? null : 'reserved';
}

/** An address without its brackets and its zone: `[fe80::1%eth0]` is `fe80::1`. */
export function bareAddress(text: string): string {
  return text.replace(/^\[(.*)\]$/, '$1').replace(/%.*$/, '');
}
