/** Allow lists of addresses. */
import { isIP } from 'node:net';
import { blockListOf } from '../../../rules/address-block.ts';

/**
 * @param allowed CIDR blocks or single addresses; empty allows every address
 * @param address undefined (the event does not carry it) is allowed only by an empty list
 */
export function isAddressAllowed(allowed: readonly string[], address: string | undefined): boolean {
  if (allowed.length === 0) return true;
  if (address === undefined) return false;
  const family = isIP(address);
  return family !== 0 && blockListOf(allowed).check(address, family === 6 ? 'ipv6' : 'ipv4');
}
