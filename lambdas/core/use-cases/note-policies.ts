/** Puts on record which policies a deployment has brought, before anybody acts under them. */
import type { Policy } from '../../../rules/policy.ts';
import { WriteContention } from '../domain/errors.ts';
import { policyChange } from '../domain/policy-events.ts';
import type { Clock } from '../ports/ambient.ts';
import type { PolicyLedger } from '../ports/policy-ledger.ts';

export interface NotePoliciesDeps {
  readonly ledger: PolicyLedger;
  readonly policies: ReadonlyMap<string, Policy>;
  readonly clock: Clock;
  /** Of the function that acts. */
  readonly functionName: string;
}

const ATTEMPTS = 6;

/**
 * However many environments start at once, each change is on record once. An environment that starts with the set of
 * before while a deployment goes on acts under that, and so that is on record too.
 */
export async function notePolicies({
  ledger,
  policies,
  clock,
  functionName,
}: NotePoliciesDeps): Promise<void> {
  const actor = { principal: 'keyturn:deployment', via: functionName };
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const change = policyChange(await ledger.read(), policies, { actor, atMs: clock() });
    if (change.events.length === 0 || (await ledger.write(change)) === 'written') return;
  }
  throw new WriteContention(`The policies changed ${ATTEMPTS} times while they were being put on record.`);
}

/** Once for each environment, before it first acts; what failed is tried again by the next one who acts. */
export function policiesNoted(deps: NotePoliciesDeps): () => Promise<void> {
  let noted: Promise<void> | undefined;
  return () => {
    noted ??= notePolicies(deps).catch((error: unknown) => {
      noted = undefined;
      throw error;
    });
    return noted;
  };
}
