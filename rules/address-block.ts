/** Addresses and CIDR blocks of allow lists. */
import { isIP } from 'node:net';
import { type Checked, refused } from './checked.ts';

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
