/** Which network addresses Keyturn may call on the word of somebody who registered a name for them. */
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** What a deployment may allow: networks of its own. Never the link-local one, where instance metadata answers. */
const PRIVATE = new Set(['loopback', 'private', 'uniqueLocal', 'carrierGradeNat']);

const KINDS: Readonly<Record<string, string>> = {
  loopback: 'of this host itself',
  private: 'of a private network',
  uniqueLocal: 'of a private network',
  carrierGradeNat: 'of a shared network behind a provider',
  linkLocal: 'link-local, where instance metadata answers',
  unspecified: 'of no host',
  multicast: 'of a group of hosts',
  broadcast: 'of every host',
  ipv4Mapped: 'an IPv4 address written as IPv6',
  rfc6145: 'an IPv4 address written as IPv6',
  rfc6052: 'an IPv4 address behind NAT64',
  '6to4': 'an IPv4 address behind 6to4',
  teredo: 'an IPv4 address behind Teredo',
};

/** IANA gives out IPv6 addresses of hosts in the Internet from this block alone. */
const GLOBAL_UNICAST = ipaddr.IPv6.parse('2000::');

/** Instance metadata and credentials of containers by IPv6: unique-local by its range, link-local by what it is. */
const AWS_LOCAL = ipaddr.IPv6.parse('fd00:ec2::');

/**
 * @param address as a resolver gives it: the plain spelling of IPv4 or IPv6
 * @returns what kind of address it is that must not be called, or undefined when it may
 */
export function addressRefusal(address: string, allowPrivateAddresses = false): string | undefined {
  if (isIP(address) === 0) return 'no IP address';
  const parsed = ipaddr.parse(address);
  const range = parsed.range();
  if (parsed instanceof ipaddr.IPv6 && parsed.match(AWS_LOCAL, 32)) return KINDS['linkLocal'];
  if (allowPrivateAddresses && PRIVATE.has(range)) return undefined;
  if (range !== 'unicast') return KINDS[range] ?? `reserved (${range})`;
  const isForeign = parsed instanceof ipaddr.IPv6 && !parsed.match(GLOBAL_UNICAST, 3);
  return isForeign ? 'outside the block of public IPv6 addresses' : undefined;
}
