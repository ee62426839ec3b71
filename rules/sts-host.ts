/** Where a Region's Security Token Service answers. */

/** Of partitions whose services are not below `amazonaws.com`, by how their Regions begin. */
const SUFFIXES: readonly (readonly [region: string, suffix: string])[] = [
  ['cn-', 'amazonaws.com.cn'],
  ['eusc-', 'amazonaws.eu'],
  ['us-isob-', 'sc2s.sgov.gov'],
  ['us-isof-', 'csp.hci.ic.gov'],
  ['us-iso-', 'c2s.ic.gov'],
];

/** Of the Region itself: it signs for this Region alone, and is there when another one is not. */
export function stsHost(region: string): string {
  const [, suffix = 'amazonaws.com'] = SUFFIXES.find(([begin]) => region.startsWith(begin)) ?? [];
  return `sts.${region}.${suffix}`;
}
