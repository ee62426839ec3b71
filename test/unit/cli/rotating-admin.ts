/** An admin function with one key whose rotation goes through given states. */
import type { RotationView } from '../../../lambdas/functions/admin/rotation-contract.ts';
import type { FakeAdmin } from './fake-world.ts';
import { KEY_ID, keyView, NEW_KEY, rotationView, STARTED } from './samples.ts';

const claim = () => ({ keyId: KEY_ID, version: 2, key: NEW_KEY });

/** One state at a look; the last one stays. The new key can be claimed. */
export function rotating(states: readonly (RotationView | null)[], more: Partial<FakeAdmin> = {}): FakeAdmin {
  let look = 0;
  return {
    rotate: () => STARTED,
    rotation: () => states[Math.min(look++, states.length - 1)] ?? null,
    show: () => keyView(),
    claim,
    ...more,
  };
}

export const VERIFYING = rotationView({ status: 'verifying', gracePeriodEndsAt: null });
export const DUAL_KEY = rotationView();
