/** What is thrown when the system, not its user, is at fault. Expected outcomes are values instead. */

/** Lambda passes `name` on to the rotation machine, whose retries match on it: literal, since a minifier renames classes. */
export abstract class KeyturnError extends Error {
  abstract override readonly name: string;
}

/** The store kept changing under us, or could not be written. */
export class WriteContention extends KeyturnError {
  override readonly name = 'WriteContention';
}

/** A deployed authorizer does not know the new key (yet). */
export class VerificationFailed extends KeyturnError {
  override readonly name = 'VerificationFailed';
}

/** No pepper of the version that a key needs: nothing can be said about that key. */
export class PepperMissing extends KeyturnError {
  override readonly name = 'PepperMissing';
}

/** The sealed key is not what was sealed, or is gone. */
export class SealBroken extends KeyturnError {
  override readonly name = 'SealBroken';
}

/** A version was to be retired without a judgement that says so. */
export class NoVerdict extends KeyturnError {
  override readonly name = 'NoVerdict';
}

/** A step was run that its rotation has not come to: nothing was changed. */
export class StepOutOfOrder extends KeyturnError {
  override readonly name = 'StepOutOfOrder';
}

/** The deployment's own configuration is not what this code needs. */
export class Misconfigured extends KeyturnError {
  override readonly name = 'Misconfigured';
}
