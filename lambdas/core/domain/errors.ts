/** What is thrown when the system, not its user, is at fault. Expected outcomes are values instead. */

export abstract class KeyturnError extends Error {
  abstract override readonly name: string;
  abstract readonly code: string;
  /** Whether the same call may succeed later. */
  abstract readonly retryable: boolean;
}

/** The store kept changing under us, or could not be written. */
export class WriteContention extends KeyturnError {
  override readonly name = 'WriteContention';
  override readonly code = 'write-contention';
  override readonly retryable = true;
}

/** A deployed authorizer does not know the new key (yet). */
export class VerificationFailed extends KeyturnError {
  override readonly name = 'VerificationFailed';
  override readonly code = 'verification-failed';
  override readonly retryable = true;
}

/** No pepper of the version that a key needs: nothing can be said about that key. */
export class PepperMissing extends KeyturnError {
  override readonly name = 'PepperMissing';
  override readonly code = 'pepper-missing';
  override readonly retryable = true;
}

/** The sealed key is not what was sealed, or is gone. */
export class SealBroken extends KeyturnError {
  override readonly name = 'SealBroken';
  override readonly code = 'seal-broken';
  override readonly retryable = false;
}

/** A version was to be retired without a judgement that says so. */
export class NoVerdict extends KeyturnError {
  override readonly name = 'NoVerdict';
  override readonly code = 'no-verdict';
  override readonly retryable = false;
}

/** A step was run that its rotation has not come to: nothing was changed. */
export class StepOutOfOrder extends KeyturnError {
  override readonly name = 'StepOutOfOrder';
  override readonly code = 'step-out-of-order';
  override readonly retryable = false;
}

/** The deployment's own configuration is not what this code needs. */
export class Misconfigured extends KeyturnError {
  override readonly name = 'Misconfigured';
  override readonly code = 'misconfigured';
  override readonly retryable = false;
}
