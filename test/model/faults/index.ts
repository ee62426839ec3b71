/** Every deliberate fault. The model is worth what it finds. */

import { DELIVERY_FAULTS } from './delivery-faults.ts';
import type { Fault } from './fault.ts';
import { OPERATOR_FAULTS } from './operator-faults.ts';
import { PEPPER_FAULTS } from './pepper-faults.ts';
import { ROTATION_FAULTS } from './rotation-faults.ts';
import { SURROUNDINGS_FAULTS } from './surroundings-faults.ts';

export type { Fault } from './fault.ts';
export const FAULTS: readonly Fault[] = [
  ...ROTATION_FAULTS,
  ...OPERATOR_FAULTS,
  ...DELIVERY_FAULTS,
  ...PEPPER_FAULTS,
  ...SURROUNDINGS_FAULTS,
];
