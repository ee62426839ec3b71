/** Changes how an address wants mails, on record. */
import type { LeavableKind } from '../../../rules/mail-kinds.ts';
import { type Actor, CHAIN_START, chainEvent, headOf, type Origin } from '../domain/audit-event.ts';
import {
  type OwnerRecord,
  type OwnerSettings,
  ownerChain,
  USUAL_SETTINGS,
} from '../domain/owner-settings.ts';
import type { Clock } from '../ports/ambient.ts';
import type { OwnerSettingsStore } from '../ports/owner-settings.ts';
import { AGAIN, untilSettled } from './until-settled.ts';

export interface OwnerDeps {
  readonly owners: OwnerSettingsStore;
  readonly clock: Clock;
}

/** What is given is changed; kinds that are in both lists are subscribed. */
export interface SettingsChange {
  readonly locale?: string;
  readonly timeZone?: string;
  readonly unsubscribe?: readonly LeavableKind[];
  readonly subscribe?: readonly LeavableKind[];
}

export interface ChangedBy {
  readonly actor: Actor;
  readonly origin?: Origin;
}

/** What is so already is not written again. @returns the settings as they stand then */
export async function changeOwnerSettings(
  { owners, clock }: OwnerDeps,
  address: string,
  change: SettingsChange,
  by: ChangedBy,
): Promise<OwnerSettings> {
  const save = async () => {
    const before = await owners.find(address);
    const settings = changed(before ?? USUAL_SETTINGS, change);
    if (isSame(before ?? USUAL_SETTINGS, settings)) return settings;
    const { event, record } = drafted(address, before, settings, { ...by, atMs: clock() });
    return (await owners.save(record, event)) === 'saved' ? settings : AGAIN;
  };
  return untilSettled(
    save,
    (attempts) => `The settings of an owner changed ${attempts} times while they were written.`,
  );
}

function drafted(
  address: string,
  before: OwnerRecord | undefined,
  settings: OwnerSettings,
  by: ChangedBy & { readonly atMs: number },
) {
  const { locale, timeZone, unsubscribed } = settings;
  const event = chainEvent(ownerChain(address), before?.audit ?? CHAIN_START, {
    action: 'owner.settings-changed',
    ...by,
    detail: { locale, timeZone, unsubscribed },
  });
  const record: OwnerRecord = {
    ...settings,
    address: before?.address ?? address,
    revision: (before?.revision ?? 0) + 1,
    audit: headOf(event),
  };
  return { event, record };
}

function changed(settings: OwnerSettings, change: SettingsChange): OwnerSettings {
  const { unsubscribe = [], subscribe = [] } = change;
  const left = new Set([...settings.unsubscribed, ...unsubscribe]);
  for (const kind of subscribe) left.delete(kind);
  return {
    locale: change.locale ?? settings.locale,
    timeZone: change.timeZone ?? settings.timeZone,
    unsubscribed: [...left].sort(),
  };
}

const isSame = (one: OwnerSettings, other: OwnerSettings): boolean =>
  one.locale === other.locale &&
  one.timeZone === other.timeZone &&
  one.unsubscribed.join() === other.unsubscribed.join();
