/** What must never be, whatever comes between. */

export const INVARIANTS = {
  0: 'A step fails only by what its surroundings did to it, and a rotation of an enabled key comes to its end.',
  1: 'An enabled key always has a version that authenticates; who holds the latest delivered version, or one that is not retired, is never refused.',
  2: 'Never more than two versions authenticate, and never two rotations of one key run.',
  3: "A version is retired only on evidence, on an operator's word, or by the policy's stated limit.",
  4: 'The status of a version only moves forward, save for a rollback.',
  5: 'After a refusal is committed, no authorization succeeds later than the revocation bound.',
  6: 'Each change has exactly one audit event, and the chain verifies.',
  7: 'No plaintext key outside the one delivery.',
  8: 'A version is handed out once; again only to the registered key, until it is used.',
  9: 'After a rollback the place where a client reads its key has the version that is active.',
  10: 'A seal is gone once its key was received (from the registered key: used), retired or revoked.',
  11: 'No version is retired for one that its owner never got.',
} as const;
export type Invariant = keyof typeof INVARIANTS;

/** An invariant that did not hold, and how that was seen. */
export class Violation extends Error {
  override readonly name = 'Violation';
  readonly invariant: Invariant;

  constructor(invariant: Invariant, seen: string) {
    super(seen);
    this.invariant = invariant;
  }
}
