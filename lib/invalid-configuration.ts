/** Bad configuration, refused at synth: what was wrong, the value, and the mend. */
import type { Checked } from '../rules/checked.ts';

export class InvalidConfiguration extends Error {
  override readonly name = 'InvalidConfiguration';

  constructor(message: string, hint: string) {
    super(`${message} ${hint}`);
  }
}

/** A setting that is not one is a slip of the pen, whose default would be taken in silence. */
export function refuseUnknownSettings(of: string, config: object, known: readonly string[]): void {
  const unknown = Object.keys(config).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new InvalidConfiguration(`${of} has no setting '${unknown}'.`, `It has ${known.join(', ')}.`);
}

export function valid<Value>(checked: Checked<Value>): Value {
  if (!checked.ok) throw new InvalidConfiguration(checked.message, checked.hint);
  return checked.value;
}
