/** What a policy allows of the keys that are issued under it. */
import { isWithin } from '../../../rules/address-block.ts';
import { type Checked, refused } from '../../../rules/checked.ts';
import type { Policy } from '../../../rules/policy.ts';
import type { Environment } from '../../../rules/words.ts';

/**
 * @param addresses the key's own allow list, checked; empty when it names none
 * @returns the allow list that the key gets
 */
export function limitToPolicy(
  { name, environments, allowedAddresses }: Policy,
  environment: Environment,
  addresses: readonly string[],
): Checked<readonly string[]> {
  if (!environments.includes(environment)) {
    return refused(
      `environment '${environment}' is not one for keys with policy '${name}'.`,
      `Choose ${environments.join(' or ')}, or another policy.`,
    );
  }
  if (allowedAddresses === 'any') return { ok: true, value: addresses };
  if (allowedAddresses === 'required') {
    if (addresses.length > 0) return { ok: true, value: addresses };
    return refused(
      `allowedAddresses is empty, and policy '${name}' requires some.`,
      'Say from where alone the key is used: --allow-from 203.0.113.0/24.',
    );
  }
  if (addresses.length === 0) return { ok: true, value: allowedAddresses };
  const outside = addresses.find((block) => !isWithin(block, allowedAddresses));
  if (outside === undefined) return { ok: true, value: addresses };
  return refused(
    `allowed address '${outside}' lies in no block of policy '${name}'.`,
    `Stay within ${allowedAddresses.join(', ')}.`,
  );
}
