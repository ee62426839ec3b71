/** The rotation machine's input, checked. */
import { type Checked, refused } from '../../../rules/checked.ts';
import { parseDurationSeconds } from '../../../rules/duration.ts';
import { parseFreeText } from '../../../rules/free-text.ts';
import { DAY_SECONDS } from '../../../rules/time-units.ts';
import { PURPOSES, type RotationPurpose } from '../../../rules/words.ts';
import { isKeyId } from '../domain/key-format.ts';

export interface RotationOrder {
  readonly keyId: string;
  readonly purpose: RotationPurpose;
  readonly reason?: string;
  readonly initiatedBy: string;
  readonly graceSeconds?: number;
  readonly immediate: boolean;
  readonly notifyClients: boolean;
  readonly alertSecurity: boolean;
}

const LONGEST_TEXT = 500;
/** An execution lives for a year at most, and extensions come after the grace period. */
const LONGEST_GRACE_SECONDS = 90 * DAY_SECONDS;

const FIELDS = [
  'keyId',
  'purpose',
  'reason',
  'initiatedBy',
  'gracePeriod',
  'immediateInvalidation',
  'notifyClients',
  'alertSecurity',
] as const;

/**
 * Checks the machine's documented input: only `keyId` and `purpose` are required, an emergency needs a
 * `reason`, the rest comes from the key's policy. Unknown fields are refused, since a misspelt one would be lost.
 */
export function parseRotationOrder(input: unknown): Checked<RotationOrder> {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return refused('The input is not a JSON object.', 'Give at least {"keyId": "…", "purpose": "manual"}.');
  }
  const fields = input as Record<string, unknown>;
  const unknown = Object.keys(fields).find((field) => !(FIELDS as readonly string[]).includes(field));
  if (unknown) return refused(`Field '${unknown}' is not known.`, `Known fields: ${FIELDS.join(', ')}.`);

  const { keyId, purpose } = fields;
  if (!isKeyId(keyId)) {
    return refused(
      `keyId ${show(keyId)} is not a key's id.`,
      'Give the 12 letters and digits between the environment and the secret of the key; `keyturn list` shows them.',
    );
  }
  if (!(PURPOSES as readonly unknown[]).includes(purpose)) {
    return refused(`purpose ${show(purpose)} is not known.`, `Choose one of ${PURPOSES.join(', ')}.`);
  }
  const texts = textFields(fields);
  if (!texts.ok) return texts;
  const flags = flagFields(fields);
  if (!flags.ok) return flags;
  const grace = graceField(fields['gracePeriod']);
  if (!grace.ok) return grace;

  const order: RotationOrder = {
    keyId,
    purpose: purpose as RotationPurpose,
    initiatedBy: texts.value.initiatedBy ?? 'unstated',
    ...(texts.value.reason ? { reason: texts.value.reason } : {}),
    ...(grace.value !== undefined ? { graceSeconds: grace.value } : {}),
    ...flags.value,
  };
  return consistent(order);
}

function consistent(order: RotationOrder): Checked<RotationOrder> {
  if (order.purpose === 'emergency' && !order.reason) {
    return refused('An emergency needs a reason.', 'Say in "reason" what happened; it goes on record.');
  }
  if (order.immediate && order.purpose !== 'emergency') {
    return refused(
      `immediateInvalidation is true for purpose '${order.purpose}'.`,
      "Only an emergency refuses the old version at once: use purpose 'emergency' with a reason.",
    );
  }
  if (order.immediate && order.graceSeconds !== undefined) {
    return refused(
      'immediateInvalidation and gracePeriod exclude each other.',
      'Leave one of them out: at once, or after a grace period.',
    );
  }
  return { ok: true, value: order };
}

function textFields(
  fields: Record<string, unknown>,
): Checked<{ readonly reason?: string; readonly initiatedBy?: string }> {
  const texts: { reason?: string; initiatedBy?: string } = {};
  for (const name of ['reason', 'initiatedBy'] as const) {
    const value = fields[name];
    if (value === undefined || (typeof value === 'string' && !value.trim())) continue;
    const text = parseFreeText(value, name, LONGEST_TEXT);
    if (!text.ok) return text;
    texts[name] = text.value;
  }
  return { ok: true, value: texts };
}

function flagFields(
  fields: Record<string, unknown>,
): Checked<Pick<RotationOrder, 'immediate' | 'notifyClients' | 'alertSecurity'>> {
  for (const name of ['immediateInvalidation', 'notifyClients', 'alertSecurity']) {
    const value = fields[name];
    if (value !== undefined && typeof value !== 'boolean') {
      return refused(`${name} ${show(value)} is neither true nor false.`, 'Give a JSON boolean.');
    }
  }
  return {
    ok: true,
    value: {
      immediate: fields['immediateInvalidation'] === true,
      notifyClients: fields['notifyClients'] !== false,
      alertSecurity: fields['alertSecurity'] !== false,
    },
  };
}

function graceField(value: unknown): Checked<number | undefined> {
  if (value === undefined) return { ok: true, value: undefined };
  if (typeof value !== 'string') {
    return refused(`gracePeriod ${show(value)} is not text.`, 'Write an ISO 8601 duration such as PT72H.');
  }
  const seconds = parseDurationSeconds(value, 'gracePeriod');
  if (!seconds.ok) return seconds;
  if (seconds.value < 1 || seconds.value > LONGEST_GRACE_SECONDS) {
    return refused(
      `gracePeriod '${value}' is out of range.`,
      'Give PT1S to P90D; to refuse the old version at once use immediateInvalidation in an emergency.',
    );
  }
  return seconds;
}

const show = (value: unknown): string =>
  value === undefined ? '(absent)' : `'${String(JSON.stringify(value)).slice(0, 60)}'`;
