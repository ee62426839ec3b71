/** Addresses and CIDR blocks of allow lists. */
import { BlockList, isIP } from 'node:net';
import { type Checked, refused } from './checked.ts';

/** Most blocks of one allow list: the authorizer reads them with each key. */
export const MOST_ADDRESSES = 50;

/** An IPv4 or IPv6 address, or a block of them with its number of leading bits. */
export function parseAddressBlock(text: string): Checked<string> {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  const bitsFit = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
  if (family !== 0 && rest.length === 0 && bitsFit) return { ok: true, value: text };
  return refused(
    `allowed address '${text}' is neither an address nor a CIDR block.`,
    'Write IPv4 or IPv6, such as 203.0.113.7, 203.0.113.0/24 or 2001:db8::/32.',
  );
}

/** `BlockList` takes an IPv4 address written as IPv6 (`::ffff:203.0.113.7`) for the IPv4 address, on either side. */
export function blockListOf(blocks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const block of blocks) {
    const { network, bits, type } = partsOf(block);
    list.addSubnet(network, bits, type);
  }
  return list;
}

/** Whether one of the outer blocks holds the whole of the inner one. Both are written in the same family. */
export const isWithin = (inner: string, outer: readonly string[]): boolean => {
  const { network, bits, type } = partsOf(inner);
  return outer.some((block) => {
    const around = partsOf(block);
    return around.type === type && around.bits <= bits && blockListOf([block]).check(network, type);
  });
};

function partsOf(block: string): { network: string; bits: number; type: 'ipv4' | 'ipv6' } {
  const [network = '', bits] = block.split('/');
  const type = isIP(network) === 6 ? 'ipv6' : 'ipv4';
  return { network, bits: Number(bits ?? (type === 'ipv6' ? 128 : 32)), type };
}
