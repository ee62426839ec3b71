/** The set of policies under which somebody acted last. */
import type { KnownPolicies, PolicyChange } from '../domain/policy-events.ts';

export interface PolicyLedger {
  /** Read consistently; undefined: nobody has acted yet. */
  read(): Promise<KnownPolicies | undefined>;
  /** With its events, all or nothing; holds only while the stored revision is the one before this one's. */
  write(change: PolicyChange): Promise<'written' | 'stale'>;
}
