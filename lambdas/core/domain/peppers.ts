/** The pepper secret's text: `{"current":"1","1":"…"}`, one entry a version beside the name of the current one. */
import { PepperDamaged } from './errors.ts';

const MINIMUM_LENGTH = 32;

export interface PepperSet {
  readonly current: string;
  readonly secrets: ReadonlyMap<string, Uint8Array>;
}

/** The set as it is stored. */
export interface StoredPeppers {
  readonly set: PepperSet;
  /** Changes with every write of the secret. */
  readonly revision: string;
}

/** Throws `PepperDamaged` without a word of the content. */
export function parsePeppers(secretText: string): PepperSet {
  const secrets = new Map<string, Uint8Array>();
  const fields = fieldsOf(secretText);
  for (const [version, secret] of Object.entries(fields)) {
    if (version === 'current') continue;
    if (typeof secret !== 'string' || secret.length < MINIMUM_LENGTH) {
      // Without its name: where name and pepper were exchanged by mistake, the name is the pepper.
      throw new PepperDamaged(`A pepper version is not text of ${MINIMUM_LENGTH} characters or more.`);
    }
    secrets.set(version, Buffer.from(secret, 'utf8'));
  }
  const current = fields['current'];
  if (typeof current !== 'string' || !secrets.has(current)) {
    throw new PepperDamaged("The pepper secret's field 'current' names no version that is in it.");
  }
  return { current, secrets };
}

function fieldsOf(secretText: string): Record<string, unknown> {
  try {
    const fields: unknown = JSON.parse(secretText);
    if (typeof fields === 'object' && fields !== null) return fields as Record<string, unknown>;
  } catch {
    // A parser's message quotes what it read, and that is the pepper: it goes no further.
  }
  throw new PepperDamaged('The pepper secret is not a JSON object.');
}

/** The secret's text again. */
export const formatPeppers = ({ current, secrets }: PepperSet): string =>
  JSON.stringify({
    current,
    ...Object.fromEntries([...secrets].map(([name, secret]) => [name, Buffer.from(secret).toString('utf8')])),
  });
