/** What every key store must do, whatever it is made of. The fake and the table both pass it. */
import { beforeAll, describe, expect, it } from 'vitest';
import { firstBrokenLink } from '../../lambdas/core/domain/audit-event.ts';
import type { KeyRecord } from '../../lambdas/core/domain/key-record.ts';
import { waitingNotice } from '../../lambdas/core/domain/notice.ts';
import type { KeyQuery, KeyStore } from '../../lambdas/core/ports/key-store.ts';
import { KEY_STATUSES } from '../../rules/words.ts';
import { freshIds } from './fresh-ids.ts';
import { START_MS } from './manual-clock.ts';
import {
  sampleChange,
  sampleKey,
  sampleNotice,
  sampleRotation,
  sampleSealed,
  sampleVersion,
} from './sample-records.ts';

const freshId = freshIds('Contract');

export function keyStoreContract(name: string, makeStore: () => Promise<KeyStore>): void {
  describe(`${name} keeps the contract of a key store`, () => {
    let store: KeyStore;
    beforeAll(async () => {
      store = await makeStore();
    });

    async function stored(changes: Partial<KeyRecord> = {}): Promise<KeyRecord> {
      const { record, event } = sampleKey(freshId(), changes);
      expect(await store.insert(record, event)).toBe('inserted');
      return record;
    }

    async function saved(before: KeyRecord, ...change: DropFirst<Parameters<typeof sampleChange>>) {
      expect(await store.save(sampleChange(before, ...change))).toBe('saved');
      return (await store.find(before.keyId)) as KeyRecord;
    }

    it('moves a notice on in the same write, and writes nothing where it stands otherwise', async () => {
      const { record, event } = sampleKey(freshId());
      const notice = sampleNotice(record.keyId);
      await store.insert(record, event, undefined, [notice]);
      const sent = { status: 'sent', attempts: 1, sentAtMs: START_MS } as const;
      const move = { stored: waitingNotice(notice), next: sent };

      const moved = { ...sampleChange(record, {}), moves: [move] };
      expect(await store.save(moved)).toBe('saved');

      const now = (await store.find(record.keyId)) as KeyRecord;
      expect(await store.save({ ...sampleChange(now, {}), moves: [move] })).toBe('stale');
      expect((await store.find(record.keyId))?.revision).toBe(now.revision);
      const again = { stored: { notice, state: sent }, next: { ...sent, status: 'bounced' as const } };
      expect(await store.save({ ...sampleChange(now, {}), moves: [again] })).toBe('saved');
    });

    it('gives back what was inserted, and nothing for an id that was not', async () => {
      const record = await stored({ purpose: 'nightly import', allowedAddresses: ['203.0.113.0/24'] });

      expect(await store.find(record.keyId)).toEqual(record);
      expect(await store.find('NoSuchKey000')).toBeUndefined();
    });

    it('never overwrites a key by a second insert of its id', async () => {
      const record = await stored();
      const { record: other, event } = sampleKey(record.keyId, { owner: 'thief@example.com' });

      expect(await store.insert(other, event)).toBe('exists');
      expect(await store.find(record.keyId)).toEqual(record);
      expect(await store.auditEvents(record.keyId)).toHaveLength(1);
    });

    it('saves a change of the revision it was made from, with its event', async () => {
      const before = await stored();
      const change = sampleChange(before, {
        status: 'disabled',
        dueAtMs: START_MS + 1,
        versions: [sampleVersion(1, { status: 'deprecating', expiresAtMs: START_MS + 5 }), sampleVersion(2)],
      });

      expect(await store.save(change)).toBe('saved');
      expect(await store.find(before.keyId)).toEqual(change.after);
      expect((await store.auditEvents(before.keyId)).at(-1)).toEqual(change.event);
    });

    it('keeps an exemption, and takes it away again', async () => {
      const exemption = { reason: 'a freeze', untilMs: START_MS + 1 };
      const exempt = await saved(await stored(), { exemption });
      expect(exempt.exemption).toEqual(exemption);

      const { exemption: _ended, ...after } = exempt;
      const change = sampleChange(exempt, {});
      expect(await store.save({ ...change, after: { ...after, revision: change.after.revision } })).toBe(
        'saved',
      );
      expect(await store.find(exempt.keyId)).not.toHaveProperty('exemption');
    });

    it('keeps where new versions go, what is proposed for it and when a renewal was refused, and takes the first two away', async () => {
      const publicKey = { crv: 'Ed25519', kty: 'OKP', x: 'A'.repeat(43) } as const;
      const destination = { kind: 'renewal', publicKey, thumbprint: 't-1' } as const;
      const at = { version: 1, atMs: START_MS, expiresAtMs: START_MS + 1 };
      const proposal = { publicKey, thumbprint: 't-2', ...at, address: '203.0.113.7', userAgent: 'agent' };
      const changes = {
        delivery: 'renewal-key',
        destination,
        proposal,
        renewalRefusedAtMs: START_MS,
        told: { wrongKeysMs: START_MS, retiredUsesMs: { '1': START_MS }, stuckRotationId: 'r-1' },
      } as const;
      const now = await saved(await stored(), changes);
      expect(now).toMatchObject(changes);

      const { destination: _removed, proposal: _rejected, ...rest } = now;
      const change = sampleChange(now, {});
      const after = { ...rest, delivery: 'operator' as const, revision: change.after.revision };
      expect(await store.save({ ...change, after })).toBe('saved');
      const then = await store.find(now.keyId);
      expect(then).toMatchObject({ delivery: 'operator', renewalRefusedAtMs: START_MS, told: now.told });
      expect(then).not.toHaveProperty('destination');
      expect(then).not.toHaveProperty('proposal');
    });

    it('keeps whom to tell beside the owner, and takes them away', async () => {
      const recipients = ['oncall@example.com', 'team-lead@example.com'];
      const told = await saved(await stored(), { recipients });
      expect(told.recipients).toEqual(recipients);

      const { recipients: _nobody, ...rest } = told;
      const change = sampleChange(told, {});
      const after = { ...rest, revision: change.after.revision };
      expect(await store.save({ ...change, after })).toBe('saved');
      expect(await store.find(told.keyId)).not.toHaveProperty('recipients');
    });

    it('refuses a change of an older revision and writes nothing of it: no version, event, seal or rotation', async () => {
      const before = await stored();
      const now = await saved(before, { status: 'disabled' });
      const late = sampleChange(
        before,
        {
          versions: [sampleVersion(1), sampleVersion(2)],
          rotation: sampleRotation({ rotationId: 'late', status: 'failed', endedAtMs: START_MS }),
        },
        { put: sampleSealed(before.keyId, 2) },
      );

      expect(await store.save(late)).toBe('stale');
      expect(await store.find(before.keyId)).toEqual(now);
      expect(await store.auditEvents(before.keyId)).toHaveLength(2);
      expect(await store.findSealed(before.keyId, 2)).toBeUndefined();
      expect(await store.findRotation(before.keyId, 'late')).toBeUndefined();
    });

    it('refuses a change of a key that is not there', async () => {
      const { record } = sampleKey(freshId());

      expect(await store.save(sampleChange(record, { status: 'disabled' }))).toBe('stale');
      expect(await store.find(record.keyId)).toBeUndefined();
      expect(await store.auditEvents(record.keyId)).toEqual([]);
    });

    it('lets exactly one of many changes at once win', async () => {
      const before = await stored();
      const outcomes = await Promise.all(
        Array.from({ length: 8 }, (_, index) =>
          store.save(sampleChange(before, { dueAtMs: START_MS + index })),
        ),
      );

      expect(outcomes.filter((outcome) => outcome === 'saved')).toHaveLength(1);
      const now = (await store.find(before.keyId)) as KeyRecord;
      expect(now.dueAtMs).toBe(START_MS + outcomes.indexOf('saved'));
      expect(now.revision).toBe(2);
    });

    it('keeps a running rotation in the key alone', async () => {
      const rotation = sampleRotation();
      const running = await saved(await stored(), { rotation });

      expect(running.rotation).toEqual(rotation);
      expect(await store.findRotation(running.keyId, 'r-1')).toBeUndefined();
    });

    it('moves a rotation that has ended to the rotations on record, and the key has none', async () => {
      const running = await saved(await stored(), { rotation: sampleRotation() });
      const ended = sampleRotation({ status: 'completed', endedAtMs: START_MS + 1 });
      const after = await saved(running, { rotation: ended });

      expect(after).not.toHaveProperty('rotation');
      expect(await store.findRotation(after.keyId, 'r-1')).toEqual(ended);
      expect(await store.findRotation(after.keyId, 'r-2')).toBeUndefined();
    });

    it('puts a sealed key with the change that made it, and destroys it with the change that took it', async () => {
      const before = await stored();
      const sealed = sampleSealed(before.keyId, 2);
      const generated = await saved(before, {}, { put: sealed });
      expect(await store.findSealed(before.keyId, 2)).toEqual(sealed);

      await saved(generated, {}, { destroy: [sealed] });
      expect(await store.findSealed(before.keyId, 2)).toBeUndefined();
    });

    it('refuses to destroy a sealed key that is gone, and records nothing: of two claims one holds', async () => {
      const before = await stored();

      expect(await store.save(sampleChange(before, {}, { destroy: [sampleSealed(before.keyId, 2)] }))).toBe(
        'stale',
      );
      expect(await store.find(before.keyId)).toEqual(before);
      expect(await store.auditEvents(before.keyId)).toHaveLength(1);
    });

    it('destroys a sealed key that nobody may open any more, with no change of its key', async () => {
      const before = await stored();
      const sealed = sampleSealed(before.keyId, 2);
      const now = await saved(before, {}, { put: sealed });
      await store.destroySealed({ ...sealed, ciphertext: 'b3RoZXI=' });
      expect(await store.findSealed(before.keyId, 2), 'another one stays').toEqual(sealed);

      await store.destroySealed(sealed);
      await store.destroySealed(sealed);

      expect(await store.findSealed(before.keyId, 2)).toBeUndefined();
      expect(await store.find(before.keyId)).toEqual(now);
    });

    it('refuses to put a second sealed key in the place of the first', async () => {
      const before = await stored();
      const first = sampleSealed(before.keyId, 2);
      const now = await saved(before, {}, { put: first });
      const second = sampleSealed(before.keyId, 2, { ciphertext: 'b3RoZXI=' });

      expect(await store.save(sampleChange(now, {}, { put: second }))).toBe('stale');
      expect(await store.findSealed(before.keyId, 2)).toEqual(first);
    });

    it('gives back the events of one key in order, as a chain that holds', async () => {
      let now = await stored();
      await stored();
      for (let change = 0; change < 11; change += 1) now = await saved(now, { dueAtMs: START_MS + change });

      const events = await store.auditEvents(now.keyId);
      expect(events.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
      expect(firstBrokenLink(events)).toBeUndefined();
      expect(now.audit).toEqual({ sequence: 12, hash: events.at(-1)?.hash });
    });

    it('lists the keys of one owner, however written, oldest first, in pages that miss and repeat nothing', async () => {
      const owner = `${freshId()}@example.com`;
      const ids: string[] = [];
      for (let age = 0; age < 5; age += 1)
        ids.push((await stored({ owner, createdAtMs: START_MS + age * 1000 })).keyId);
      await stored({ owner: `other-${owner}` });
      ids.push((await stored({ owner: owner.toUpperCase(), createdAtMs: START_MS + 9_000 })).keyId);

      expect(await listed({ owner, statuses: KEY_STATUSES, limit: 2 })).toEqual(ids);
      expect(await listed({ owner, statuses: KEY_STATUSES, limit: 100 })).toEqual(ids);
      const shouted = `${owner.split('@')[0]}@EXAMPLE.com`;
      expect(await listed({ owner: shouted, statuses: KEY_STATUSES, limit: 100 })).toEqual(ids);
    });

    it('lists the keys in the statuses that are asked for', async () => {
      const enabled = (await stored()).keyId;
      const disabled = (await saved(await stored(), { status: 'disabled' })).keyId;
      const revoked = (await saved(await stored(), { status: 'revoked' })).keyId;
      const ours = (ids: readonly string[]) => ids.filter((id) => [enabled, disabled, revoked].includes(id));
      const owner = 'team@example.com';

      expect(ours(await listed({ statuses: ['enabled'], limit: 7 }))).toEqual([enabled]);
      expect(ours(await listed({ statuses: ['disabled'], limit: 7 }))).toEqual([disabled]);
      expect(ours(await listed({ statuses: ['revoked'], limit: 7 }))).toEqual([revoked]);
      expect(ours(await listed({ statuses: ['enabled', 'disabled'], limit: 7 })).sort()).toEqual(
        [enabled, disabled].sort(),
      );
      expect(ours(await listed({ statuses: KEY_STATUSES, limit: 7 })).sort()).toEqual(
        [enabled, disabled, revoked].sort(),
      );
      expect(ours(await listed({ owner, statuses: ['revoked'], limit: 7 }))).toEqual([revoked]);
      expect(ours(await listed({ owner, statuses: ['enabled', 'disabled'], limit: 7 })).sort()).toEqual(
        [enabled, disabled].sort(),
      );
    });

    it.each(['', 'nonsense', 'eyJwYXJ0aXRpb24iOi0xfQ', 'bnVsbA'])(
      'answers a token that is not its own (%j) with bad-token',
      async (nextToken) => {
        expect(await store.list({ statuses: KEY_STATUSES, limit: 5, nextToken })).toBe('bad-token');
      },
    );

    async function listed(query: KeyQuery): Promise<readonly string[]> {
      const ids: string[] = [];
      let nextToken: string | undefined;
      do {
        const page = await store.list({ ...query, ...(nextToken === undefined ? {} : { nextToken }) });
        if (page === 'bad-token') throw new Error('The store does not know its own token.');
        expect(page.records.length).toBeLessThanOrEqual(query.limit);
        ids.push(...page.records.map(({ keyId }) => keyId));
        nextToken = page.nextToken ?? undefined;
      } while (nextToken !== undefined);
      return ids;
    }
  });
}

type DropFirst<List extends readonly unknown[]> = List extends readonly [unknown, ...infer Rest]
  ? Rest
  : never;
