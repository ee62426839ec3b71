/** What is thrown when the system, not its user, is at fault. Expected outcomes are values instead. */
import type { PepperTrouble } from './pepper-fault.ts';

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

/** A pepper that a key needs cannot be had: nothing can be said about that key, and an alarm is raised. */
export abstract class PepperFault extends KeyturnError {
  abstract readonly trouble: PepperTrouble;
  /** Of which peppers, where that is known: names that keys carry, never what lies in the secret. */
  readonly pepperVersions: readonly string[];

  constructor(message: string, pepperVersions: readonly string[] = []) {
    super(message);
    this.pepperVersions = pepperVersions;
  }
}

/** The secret has no pepper of the version that a key needs. */
export class PepperMissing extends PepperFault {
  override readonly name = 'PepperMissing';
  override readonly trouble = 'missing';
}

/** The secret is there, and is not what peppers look like; or a pepper of it is not what was added under its name. */
export class PepperDamaged extends PepperFault {
  override readonly name = 'PepperDamaged';
  override readonly trouble = 'damaged';
}

/** The secret cannot be read. Without a cause: whoever prints one would print what an answer held. */
export class PepperUnreadable extends PepperFault {
  override readonly name = 'PepperUnreadable';
  override readonly trouble = 'unreadable';
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

/** The deployment has no such place; the message says what to configure. By its name no step is tried again. */
export class PlaceMissing extends Misconfigured {}

/** The labels of a key's secret kept changing, or the version that they belong to is not there. */
export class SecretUnsettled extends KeyturnError {
  override readonly name = 'SecretUnsettled';
}

/** The place where a client reads its key cannot be written now; the message is the whole reason. */
export class PlaceUnready extends KeyturnError {
  override readonly name = 'PlaceUnready';
}

/** A step of a rotation by Secrets Manager was not done; the message is the whole reason. */
export class SecretRotationRefused extends KeyturnError {
  override readonly name = 'SecretRotationRefused';
}

/** A mail could not be sent now; the message is the whole reason. */
export class MailNotSent extends KeyturnError {
  override readonly name = 'MailNotSent';
}

/** Somebody has put into the table what the deployment never writes. */
export class RecordAltered extends KeyturnError {
  override readonly name = 'RecordAltered';
}
