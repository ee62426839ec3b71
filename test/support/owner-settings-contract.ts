/** What every place of owners' settings must do, whatever it is made of. The fake and the table both pass it. */
import { beforeAll, describe, expect, it } from 'vitest';
import { CHAIN_START, chainEvent } from '../../lambdas/core/domain/audit-event.ts';
import { type OwnerRecord, ownerChain, USUAL_SETTINGS } from '../../lambdas/core/domain/owner-settings.ts';
import type { AuditChains } from '../../lambdas/core/ports/audit-chains.ts';
import type { OwnerSettingsStore } from '../../lambdas/core/ports/owner-settings.ts';
import { START_MS } from './manual-clock.ts';

interface Places {
  readonly owners: OwnerSettingsStore;
  /** Over the same table. */
  readonly chains: AuditChains;
}

let made = 0;
const freshAddress = () => `owner-${process.pid}-${made++}@example.com`;

function drafted(address: string, before: OwnerRecord | undefined, locale: string) {
  const event = chainEvent(ownerChain(address), before?.audit ?? CHAIN_START, {
    action: 'owner.settings-changed',
    actor: { principal: 'a test', via: 'vitest' },
    atMs: START_MS,
    detail: { locale },
  });
  const audit = { sequence: event.sequence, hash: event.hash };
  const revision = (before?.revision ?? 0) + 1;
  return { event, record: { ...USUAL_SETTINGS, address, locale, revision, audit } };
}

export function ownerSettingsContract(name: string, makePlaces: () => Promise<Places>): void {
  describe(`${name} keeps the contract of owners' settings`, () => {
    let places: Places;
    beforeAll(async () => {
      places = await makePlaces();
    });

    it('finds what was saved, however the address is written, with its event in its chain', async () => {
      const { owners, chains } = places;
      const address = freshAddress();
      expect(await owners.find(address)).toBeUndefined();
      const first = drafted(address, undefined, 'de');
      expect(await owners.save(first.record, first.event)).toBe('saved');
      expect(await owners.find(address.toUpperCase())).toEqual(first.record);
      const second = drafted(address, first.record, 'fr');
      expect(await owners.save(second.record, second.event)).toBe('saved');
      expect(await owners.find(address)).toEqual(second.record);
      expect(await chains.head(`owner/${address}`)).toEqual(second.record.audit);
      expect(await owners.find(freshAddress())).toBeUndefined();
    });

    it('lets one of two changes of the same state hold, and writes nothing of the other', async () => {
      const { owners, chains } = places;
      const address = freshAddress();
      for (const before of [undefined, 'stored'] as const) {
        const stored = before && (await owners.find(address));
        const drafts = ['de', 'fr', 'es'].map((locale) => drafted(address, stored, locale));
        const outcomes = await Promise.all(drafts.map(({ record, event }) => owners.save(record, event)));
        expect([...outcomes].sort()).toEqual(['saved', 'stale', 'stale']);
        const held = drafts[outcomes.indexOf('saved')]?.record;
        expect(await owners.find(address)).toEqual(held);
        expect(await chains.head(`owner/${address}`)).toEqual(held?.audit);
      }
    });
  });
}
