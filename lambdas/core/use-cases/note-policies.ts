/** Puts on record which policies a deployment has brought, before anybody acts under them. */
import type { Policy } from '../../../rules/policy.ts';
import { policyChange } from '../domain/policy-events.ts';
import type { Clock } from '../ports/ambient.ts';
import type { PolicyLedger } from '../ports/policy-ledger.ts';
import { AGAIN, untilSettled } from './until-settled.ts';

export interface NotePoliciesDeps {
  readonly ledger: PolicyLedger;
  readonly policies: ReadonlyMap<string, Policy>;
  readonly clock: Clock;
  /** Of the function that acts. */
  readonly functionName: string;
}

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
  const note = async () => {
    const change = policyChange(await ledger.read(), policies, { actor, atMs: clock() });
    if (change.events.length === 0) return;
    return (await ledger.write(change)) === 'written' ? undefined : AGAIN;
  };
  await untilSettled(
    note,
    (attempts) => `The policies changed ${attempts} times while they were being put on record.`,
  );
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
