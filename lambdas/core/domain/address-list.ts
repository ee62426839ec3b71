/** Allow lists of addresses. */
import { BlockList, isIP } from 'node:net';

/**
 * `BlockList` takes an IPv4 address written as IPv6 (`::ffff:203.0.113.7`) for the IPv4 address, on either side.
 *
 * @param allowed CIDR blocks or single addresses; empty allows every address
 * @param address undefined (the event does not carry it) is allowed only by an empty list
 */
export function isAddressAllowed(allowed: readonly string[], address: string | undefined): boolean {
  if (allowed.length === 0) return true;
  if (address === undefined) return false;
  const family = isIP(address);
  if (family === 0) return false;
  const list = new BlockList();
  for (const block of allowed) {
    const [network = '', bits] = block.split('/');
    const type = isIP(network) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(network, type);
    else list.addSubnet(network, Number(bits), type);
  }
  return list.check(address, family === 6 ? 'ipv6' : 'ipv4');
}
