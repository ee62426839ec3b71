/** The pepper machine's input, checked. */
import { type Checked, refused } from '../../../rules/checked.ts';
import { parseFreeText } from '../../../rules/free-text.ts';
import { madeAtMs } from '../domain/pepper-name.ts';

/** `clean-up` only drops peppers that nothing needs any more. */
export const PEPPER_PURPOSES = ['rotation', 'clean-up'] as const;
export type PepperPurpose = (typeof PEPPER_PURPOSES)[number];

export interface PepperOrder {
  readonly purpose: PepperPurpose;
  /** The pepper that was added already and is to become the current one; with `rotation` alone. */
  readonly pepperVersion?: string;
  readonly reason?: string;
  readonly initiatedBy: string;
}

const LONGEST_TEXT = 500;
const FIELDS = ['purpose', 'pepperVersion', 'reason', 'initiatedBy'];

/** Only `purpose` is required. Unknown fields are refused, since a misspelt one would be lost. */
export function parsePepperOrder(input: unknown): Checked<PepperOrder> {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return refused('The input is not a JSON object.', 'Give at least {"purpose": "rotation"}.');
  }
  const fields = input as Record<string, unknown>;
  const unknown = Object.keys(fields).find((field) => !FIELDS.includes(field));
  if (unknown) return refused(`Field '${unknown}' is not known.`, `Known fields: ${FIELDS.join(', ')}.`);
  const { purpose } = fields;
  if (!(PEPPER_PURPOSES as readonly unknown[]).includes(purpose)) {
    return refused(`purpose ${show(purpose)} is not known.`, `Choose one of ${PEPPER_PURPOSES.join(', ')}.`);
  }
  const pepperVersion = optionalName(fields['pepperVersion'], purpose as PepperPurpose);
  if (!pepperVersion.ok) return pepperVersion;
  const reason = optionalText(fields['reason'], 'reason');
  if (!reason.ok) return reason;
  const initiatedBy = optionalText(fields['initiatedBy'], 'initiatedBy');
  if (!initiatedBy.ok) return initiatedBy;
  return {
    ok: true,
    value: {
      purpose: purpose as PepperPurpose,
      ...(pepperVersion.value ? { pepperVersion: pepperVersion.value } : {}),
      ...(reason.value ? { reason: reason.value } : {}),
      initiatedBy: initiatedBy.value ?? 'unstated',
    },
  };
}

function optionalName(value: unknown, purpose: PepperPurpose): Checked<string | undefined> {
  if (value === undefined) return { ok: true, value };
  if (typeof value !== 'string' || madeAtMs(value) === undefined) {
    return refused(
      `pepperVersion ${show(value)} is no name of a pepper that was added.`,
      "Give one that 'keyturn pepper' shows, or leave it out.",
    );
  }
  if (purpose === 'rotation') return { ok: true, value };
  return refused(`pepperVersion is not for purpose '${purpose}'.`, 'Leave it out.');
}

function optionalText(value: unknown, what: string): Checked<string | undefined> {
  if (value === undefined || (typeof value === 'string' && !value.trim()))
    return { ok: true, value: undefined };
  return parseFreeText(value, what, LONGEST_TEXT);
}

const show = (value: unknown): string =>
  value === undefined ? '(absent)' : `'${String(JSON.stringify(value)).slice(0, 60)}'`;
