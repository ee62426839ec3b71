/** What a request to add a webhook must say: checked field by field. */
import { type Checked, refused } from '../../../rules/checked.ts';
import { parseFreeText } from '../../../rules/free-text.ts';
import { parseMailAddress } from '../../../rules/mail-address.ts';
import { nearTypes, WEBHOOK_EVENT_TYPES } from '../domain/webhook-events.ts';
import { type AddressRules, parseWebhookUrl } from '../domain/webhook-url.ts';

export interface WebhookOrder {
  readonly url: string;
  readonly owner?: string;
  readonly events: readonly string[];
  readonly description?: string;
}

const LONGEST_DESCRIPTION = 100;

/** Says the first thing that is wrong. */
export function parseWebhookOrder(
  input: Readonly<Record<string, unknown>>,
  rules: AddressRules,
): Checked<WebhookOrder> {
  const url = parseWebhookUrl(input['url'], rules);
  if (!url.ok) return url;
  const owner = input['owner'] === undefined ? undefined : parseMailAddress(input['owner'], 'owner');
  if (owner?.ok === false) return owner;
  const events = parseEvents(input['events'] ?? [], owner !== undefined);
  if (!events.ok) return events;
  const said = input['description'];
  const description =
    said === undefined ? undefined : parseFreeText(said, 'description', LONGEST_DESCRIPTION);
  if (description?.ok === false) return description;
  return {
    ok: true,
    value: {
      url: url.value,
      events: events.value,
      ...(owner ? { owner: owner.value } : {}),
      ...(description ? { description: description.value } : {}),
    },
  };
}

/** Told to webhooks without an owner alone. */
const OF_NO_KEY = /^(webhook|pepper)\./;

function parseEvents(events: unknown, ofOwner: boolean): Checked<readonly string[]> {
  if (!Array.isArray(events)) {
    return refused('events is not a list of types.', 'Give types such as key.issued, or none for all.');
  }
  const unknown = events.find((type) => !WEBHOOK_EVENT_TYPES.includes(type as string));
  if (unknown !== undefined) {
    return refused(
      `events has '${String(unknown).slice(0, 60)}', which is no type of an event.`,
      nearTypes(String(unknown).slice(0, 60)),
    );
  }
  const types = events as readonly string[];
  const foreign = ofOwner ? types.find((type) => OF_NO_KEY.test(type)) : undefined;
  if (foreign === undefined) return { ok: true, value: [...new Set(types)] };
  return refused(
    `events has '${foreign}', which a webhook with an owner is never told.`,
    'Leave the type out, or leave the owner out.',
  );
}
