import { describe, expect, it } from 'vitest';
import { limitToPolicy } from '../../../lambdas/core/domain/policy-limits.ts';
import type { Policy, PolicyConfig } from '../../../rules/policy.ts';
import { resolvePolicy } from '../../../rules/resolve-policy.ts';

function policy(config: PolicyConfig): Policy {
  const resolved = resolvePolicy('partner', config);
  if (!resolved.ok) throw new Error(resolved.message);
  return resolved.value;
}

const OFFICES = ['203.0.113.0/24', '2001:db8::/32'];

describe('limitToPolicy', () => {
  it.each([
    ['any', [], []],
    ['any', ['198.51.100.7'], ['198.51.100.7']],
    ['required', ['198.51.100.7'], ['198.51.100.7']],
    [OFFICES, [], OFFICES],
    [OFFICES, ['203.0.113.0/24'], ['203.0.113.0/24']],
    [OFFICES, ['203.0.113.64/26', '203.0.113.9'], ['203.0.113.64/26', '203.0.113.9']],
    [OFFICES, ['2001:db8:7::/48'], ['2001:db8:7::/48']],
  ] as const)('%j gives a key that names %j the list %j', (allowedAddresses, named, given) => {
    expect(limitToPolicy(policy({ allowedAddresses }), 'live', named)).toEqual({ ok: true, value: given });
  });

  it.each([
    ['198.51.100.7', 'another network'],
    ['203.0.113.0/23', 'more than the block'],
    ['203.0.112.0/23', 'a block around it'],
    ['0.0.0.0/0', 'everything'],
    ['2001:db9::/32', 'another network of IPv6'],
    ['::/0', 'everything of IPv6'],
    ['::ffff:203.0.113.0/100', 'the block written as IPv6, and more'],
  ])('refuses %s: %s', (named) => {
    expect(limitToPolicy(policy({ allowedAddresses: OFFICES }), 'live', ['203.0.113.9', named])).toEqual({
      ok: false,
      message: `allowed address '${named}' lies in no block of policy 'partner'.`,
      hint: 'Stay within 203.0.113.0/24, 2001:db8::/32.',
    });
  });

  it('refuses a key without addresses where the policy requires some', () => {
    expect(limitToPolicy(policy({ allowedAddresses: 'required' }), 'live', [])).toEqual({
      ok: false,
      message: "allowedAddresses is empty, and policy 'partner' requires some.",
      hint: 'Say from where alone the key is used: --allow-from 203.0.113.0/24.',
    });
  });

  it('refuses a key of an environment that the policy is not for', () => {
    expect(limitToPolicy(policy({ environments: ['test'] }), 'live', [])).toEqual({
      ok: false,
      message: "environment 'live' is not one for keys with policy 'partner'.",
      hint: 'Choose test, or another policy.',
    });
  });
});
