/** What operators ask about whoever gets mails: how they want them, and who gets those of a key. */
import { type Checked, refused } from '../../../rules/checked.ts';
import { MOST_RECIPIENTS, parseMailAddress, parseRecipient } from '../../../rules/mail-address.ts';
import { isLeavable, LEAVABLE_KINDS, type LeavableKind, MAIL_KINDS } from '../../../rules/mail-kinds.ts';
import { parseLocale, parseTimeZone } from '../../../rules/mail-locale.ts';
import type { Actor } from '../../core/domain/audit-event.ts';
import { isKeyId } from '../../core/domain/key-format.ts';
import { type OwnerSettings, USUAL_SETTINGS } from '../../core/domain/owner-settings.ts';
import { changeOwnerSettings, type OwnerDeps } from '../../core/use-cases/change-owner-settings.ts';
import { changeRecipients, type RecipientsDeps } from '../../core/use-cases/change-recipients.ts';
import type { Answer } from './actions.ts';
import { badRequest, revokedKey, success, unknownKey } from './outcomes.ts';
import type { OwnerInput, OwnerView, RecipientsInput, SetOwnerInput } from './owner-contract.ts';

export type OwnerAdminDeps = OwnerDeps & RecipientsDeps;

export async function owner({ owners }: OwnerAdminDeps, input: OwnerInput): Answer<'owner'> {
  const address = parseMailAddress(input.address, 'address');
  if (!address.ok) return badRequest(address);
  return success(viewOf(address.value, (await owners.find(address.value)) ?? USUAL_SETTINGS));
}

export async function setOwner(
  deps: OwnerAdminDeps,
  input: SetOwnerInput,
  actor: Actor,
): Answer<'set-owner'> {
  const address = parseMailAddress(input.address, 'address');
  if (!address.ok) return badRequest(address);
  const [locale, timeZone, unsubscribe, subscribe] = [
    given(input.locale, parseLocale),
    given(input.timeZone, parseTimeZone),
    kindsIn(input.unsubscribe, 'unsubscribe'),
    kindsIn(input.subscribe, 'subscribe'),
  ];
  if (!locale.ok) return badRequest(locale);
  if (!timeZone.ok) return badRequest(timeZone);
  if (!unsubscribe.ok) return badRequest(unsubscribe);
  if (!subscribe.ok) return badRequest(subscribe);
  const change = {
    ...(locale.value === undefined ? {} : { locale: locale.value }),
    ...(timeZone.value === undefined ? {} : { timeZone: timeZone.value }),
    unsubscribe: unsubscribe.value,
    subscribe: subscribe.value,
  };
  return success(viewOf(address.value, await changeOwnerSettings(deps, address.value, change, { actor })));
}

export async function setRecipients(
  deps: OwnerAdminDeps,
  { keyId, add, remove }: RecipientsInput,
  actor: Actor,
): Answer<'set-recipients'> {
  const [added, removed] = [listOf(add, 'add', parseRecipient), listOf(remove, 'remove', parseMailAddress)];
  if (!added.ok) return badRequest(added);
  if (!removed.ok) return badRequest(removed);
  if (!isKeyId(keyId)) return unknownKey(keyId);
  const change = { add: added.value, remove: removed.value };
  const changed = await changeRecipients(deps, keyId, change, actor);
  switch (changed.outcome) {
    case 'unknown-key':
      return unknownKey(keyId);
    case 'revoked':
      return revokedKey(keyId);
    case 'too-many':
      return badRequest(
        refused(
          `Key '${keyId}' would have ${changed.recipients} recipients beside its owner, more than ${MOST_RECIPIENTS}.`,
          'Remove some, or give the address of a list.',
        ),
      );
    default:
      return success({ keyId, owner: changed.owner, recipients: changed.recipients });
  }
}

const viewOf = (address: string, { locale, timeZone, unsubscribed }: OwnerSettings): OwnerView => ({
  address,
  locale,
  timeZone,
  unsubscribed,
});

const given = <Value>(
  value: unknown,
  parse: (value: unknown) => Checked<Value>,
): Checked<Value | undefined> => (value === undefined ? { ok: true, value: undefined } : parse(value));

const kindsIn = (value: unknown, what: string): Checked<readonly LeavableKind[]> =>
  listOf(value, what, (kind) => {
    if (isLeavable(kind)) return { ok: true, value: kind };
    const mend = `Choose from ${LEAVABLE_KINDS.join(', ')}.`;
    return (MAIL_KINDS as readonly unknown[]).includes(kind)
      ? refused(`Mails about '${String(kind)}' cannot be left: they may be the only word of it.`, mend)
      : refused(`${what} '${String(kind)}' is no kind of mail.`, mend);
  });

function listOf<Value>(
  value: unknown,
  what: string,
  parse: (value: unknown, what: string) => Checked<Value>,
): Checked<readonly Value[]> {
  const items: unknown[] | undefined = value === undefined ? [] : Array.isArray(value) ? value : undefined;
  if (!items) return refused(`${what} '${String(value)}' is no list.`, `Give ${what} as a list.`);
  const values: Value[] = [];
  for (const item of items) {
    const parsed = parse(item, what);
    if (!parsed.ok) return parsed;
    values.push(parsed.value);
  }
  return { ok: true, value: values };
}
