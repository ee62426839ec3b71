/** A value, or what was wrong with it and the mend: how every check of an input answers. */

export interface Refusal {
  readonly ok: false;
  /** What was wrong, with the value. */
  readonly message: string;
  /** The mend. */
  readonly hint: string;
}

export type Checked<Value> = { readonly ok: true; readonly value: Value } | Refusal;

export const refused = (message: string, hint: string): Refusal => ({ ok: false, message, hint });
