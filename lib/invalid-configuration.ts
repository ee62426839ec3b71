/** Bad configuration, refused at synth: what was wrong, the value, and the mend. */
import type { Checked } from '../rules/checked.ts';

export class InvalidConfiguration extends Error {
  override readonly name = 'InvalidConfiguration';

  constructor(message: string, hint: string) {
    super(`${message} ${hint}`);
  }
}

export function valid<Value>(checked: Checked<Value>): Value {
  if (!checked.ok) throw new InvalidConfiguration(checked.message, checked.hint);
  return checked.value;
}
