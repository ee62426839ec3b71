import type { Rotation } from '../domain/key-record.ts';
import type { RotationOrder } from './rotation-request.ts';

/**
 * Whether an order does not wait for the rotation that runs: an emergency overtakes what is none, and one that refuses
 * at once overtakes one that grants a grace period. Two of a kind are one: the second answers with the first.
 */
export const overtakes = (
  { purpose, immediate }: Pick<RotationOrder, 'purpose' | 'immediate'>,
  running: Pick<Rotation, 'purpose' | 'immediate'>,
): boolean =>
  purpose === 'emergency' && (running.purpose !== 'emergency' || (immediate && !running.immediate));
