/** Policies that the stack under test has beside the built-in ones. */
import { BUILT_IN_POLICIES, type PolicyConfig } from '../../../rules/policy.ts';

export const TEST_POLICIES: Readonly<Record<string, PolicyConfig>> = {
  /** As `drill`, with time for a hundred clients of one machine to act. */
  fleet: { ...BUILT_IN_POLICIES['drill'], gracePeriod: 'PT75S', extension: 'PT75S' },
};
