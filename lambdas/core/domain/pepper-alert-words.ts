/** What security is told of the pepper. */
import type { AlertWords } from './alert-rules.ts';
import { asSentence } from './as-sentence.ts';
import type { AuditEvent } from './audit-event.ts';
import type { PepperTrouble } from './pepper-fault.ts';

type FaultWords = Omit<AlertWords, 'command'>;

const PUT_BACK =
  'Put it back from an earlier value of the secret, as it was: Secrets Manager keeps the last one as AWSPREVIOUS. Then find out who can write the secret.';

const missing = (pepper: string): FaultWords => ({
  title: `${capital(pepper)} is missing`,
  what: `${capital(pepper)}, under which keys are hashed, is not in its secret. Requests with such keys are answered with an error, never let in.`,
  mend: PUT_BACK,
});

const altered = (pepper: string): FaultWords => ({
  title: `${capital(pepper)} is altered`,
  what: `${capital(pepper)} is not what was added under its name. Keys that were hashed under it are taken for unknown ones, and refused.`,
  mend: PUT_BACK,
});

const damaged: FaultWords = {
  title: 'The secret of the pepper is damaged',
  what: 'The secret of the pepper is there and does not hold peppers. Requests are answered with an error where it has not been read before, never let in, and no new version of a key is made.',
  mend: PUT_BACK,
};

const unreadable: FaultWords = {
  title: 'The secret of the pepper cannot be read',
  what: 'The secret of the pepper cannot be read. Requests are answered with an error where it has not been read before, never let in, and no new version of a key is made.',
  mend: 'See whether the secret and its KMS key are there and may be used, and whether Secrets Manager answers; the log of the function says why.',
};

const WORDS: Readonly<Record<PepperTrouble, (pepper: string | undefined) => FaultWords>> = {
  missing: (pepper) => missing(pepper ?? 'a pepper'),
  damaged: (pepper) => (pepper === undefined ? damaged : altered(pepper)),
  unreadable: () => unreadable,
};

/** That a pepper cannot be had: which, since when and who met it. */
export function pepperFaultWords({ detail }: AuditEvent): AlertWords {
  const version = detail['pepperVersion'];
  const pepper = version === undefined ? undefined : `pepper ${String(version)}`;
  const words = (WORDS[detail['fault'] as PepperTrouble] ?? WORDS.unreadable)(pepper);
  const metBy = ((detail['metBy'] ?? []) as readonly string[]).join(', ');
  return {
    ...words,
    what: `${words.what} First met in this window at ${String(detail['firstAt'])}; until now by function and times: ${metBy}.`,
    command: 'keyturn pepper',
  };
}

/** That a run of the pepper machine failed, or a rotation of the pepper by Secrets Manager. */
export function pepperFailureWords({ reason, detail }: AuditEvent): AlertWords {
  const isCleanUp = detail['purpose'] === 'clean-up';
  const what = isCleanUp ? 'clean-up of the pepper' : 'rotation of the pepper';
  const isStep = detail['step'] !== undefined && detail['givenUp'] === false;
  return {
    title: isCleanUp ? 'A clean-up of the pepper has failed' : 'A rotation of the pepper has failed',
    what: `${isStep ? `The step ${String(detail['step'])} of a ${what}` : `A ${what}`} (${String(detail['executionId'])}) has failed; keys are checked by the peppers that are there. Reason: ${asSentence(reason ?? 'unknown')}`,
    mend: isStep
      ? 'Secrets Manager tries it again, and gives it up in time. Mend what the reason says; what was left is taken up by the next rotation.'
      : 'Mend what the reason says, and start it again: what was left is taken up.',
    command: isCleanUp ? 'keyturn pepper clean' : 'keyturn pepper rotate',
  };
}

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
