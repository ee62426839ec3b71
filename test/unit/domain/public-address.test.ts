/** Every form of an address that is not a public host's. */
import { describe, expect, it } from 'vitest';
import { addressRefusal } from '../../../lambdas/core/domain/public-address.ts';

const PRIVATE = [
  '127.0.0.1',
  '127.255.255.254',
  '10.1.2.3',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.0.1',
  '100.64.0.1',
  '::1',
  'fc00::1',
  'fd00:ec3::254',
];

/** Never, whatever a deployment allows. */
const NEVER = [
  ['169.254.169.254', 'instance metadata'],
  ['fd00:ec2::254', 'instance metadata'],
  ['fd00:ec2::23', 'instance metadata'],
  ['169.254.0.1', 'link-local'],
  ['fe80::1', 'link-local'],
  ['fe80::1%eth0', 'link-local'],
  ['0.0.0.0', 'of no host'],
  ['0.1.2.3', 'of no host'],
  ['::', 'of no host'],
  ['224.0.0.1', 'group'],
  ['239.255.255.250', 'group'],
  ['ff02::1', 'group'],
  ['255.255.255.255', 'every host'],
  ['240.0.0.1', 'reserved'],
  ['192.0.0.170', 'reserved'],
  ['192.0.2.1', 'reserved'],
  ['198.18.0.1', 'reserved'],
  ['198.51.100.1', 'reserved'],
  ['203.0.113.1', 'reserved'],
  ['192.88.99.1', 'reserved'],
  ['::ffff:127.0.0.1', 'IPv4 address written as IPv6'],
  ['::ffff:7f00:1', 'IPv4 address written as IPv6'],
  ['::ffff:93.184.216.34', 'IPv4 address written as IPv6'],
  ['::ffff:0:10.0.0.1', 'IPv4 address written as IPv6'],
  ['::127.0.0.1', 'IPv4 address written as IPv6'],
  ['::a00:1', 'outside the block'],
  ['64:ff9b::7f00:1', 'NAT64'],
  ['64:ff9b::a9fe:a9fe', 'NAT64'],
  ['64:ff9b:1::a00:1', 'NAT64'],
  ['2002:7f00:1::', '6to4'],
  ['2002:a9fe:a9fe::1', '6to4'],
  ['2001::1', 'Teredo'],
  ['2001:0:a00:1::f5ff:fffe', 'Teredo'],
  ['2001:db8::1', 'reserved'],
  ['3fff::1', 'reserved'],
  ['2001:2::1', 'reserved'],
  ['100::1', 'reserved'],
  ['fec0::1', 'reserved'],
  ['5f00::1', 'reserved'],
  ['4000::1', 'outside the block'],
  ['localhost', 'no IP address'],
  ['127.1', 'no IP address'],
  ['0x7f000001', 'no IP address'],
  ['2130706433', 'no IP address'],
  ['', 'no IP address'],
] as const;

describe('an address that may be called', () => {
  it.each([
    '93.184.216.34',
    '8.8.8.8',
    '172.15.0.1',
    '172.32.0.1',
    '100.63.0.1',
    '100.128.0.1',
    '2606:4700::6810:84e5',
    '2a00:1450:4001:82b::200e',
  ])('is the public one %s', (address) => {
    expect(addressRefusal(address)).toBeUndefined();
    expect(addressRefusal(address, true)).toBeUndefined();
  });

  it.each(PRIVATE)('is %s only where a deployment allows private ones', (address) => {
    expect(addressRefusal(address)).toMatch(/^of (this host|a private|a shared)/);
    expect(addressRefusal(address, true)).toBeUndefined();
  });

  it.each(NEVER)('is never %s', (address, why) => {
    expect(addressRefusal(address)).toContain(why);
    expect(addressRefusal(address, true)).toContain(why);
  });
});
