/** Faults of the store, of what authorizers remember and count, of the audit, and of what may be seen. */
import { chainEvent, keyChain } from '../../../lambdas/core/domain/audit-event.ts';
import type { KeyRecord } from '../../../lambdas/core/domain/key-record.ts';
import type { Plaintext } from '../../../lambdas/core/domain/plaintext.ts';
import type { AuthorizableKey, KeyReader } from '../../../lambdas/core/ports/authorization.ts';
import { KeyMemory } from '../../../lambdas/core/use-cases/key-memory.ts';
import { altered, on, withStep } from './alter.ts';
import type { Fault } from './fault.ts';

/** Answers from memory whatever the answer is. */
class StubbornMemory extends KeyMemory {
  override async read(keyId: string, nowMs: number): Promise<AuthorizableKey | undefined> {
    return this.recall(keyId, nowMs) ?? super.read(keyId, nowMs);
  }
}

/** Reads that may be of the state before. */
function lagging(reader: KeyReader): KeyReader {
  const seen = new Map<string, AuthorizableKey | undefined>();
  return {
    read: async (keyId) => {
      const now = await reader.read(keyId);
      const before = seen.get(keyId) ?? now;
      seen.set(keyId, now);
      return before;
    },
  };
}

export const SURROUNDINGS_FAULTS: readonly Fault[] = [
  {
    name: 'the store takes a write that was made from an old revision',
    breaks: [1, 2, 3, 4, 5, 7],
    shownBy: { claim: 60, repeat: 60 },
    spoil: (parts) => ({
      ...parts,
      store: altered(parts.store, {
        save: async (change) => {
          const stored = (await parts.store.find(change.before.keyId)) as KeyRecord;
          if (stored.revision === change.before.revision) return parts.store.save(change);
          const { hash: _hash, previousHash: _previous, sequence: _sequence, ...entry } = change.event;
          const event = chainEvent(keyChain(stored), stored.audit, entry);
          const audit = { sequence: event.sequence, hash: event.hash };
          const after = { ...change.after, revision: stored.revision + 1, audit };
          return parts.store.save({ before: stored, after, event });
        },
      }),
    }),
  },
  {
    name: 'authorizers remember keys for ever',
    breaks: [5],
    shownBy: { use: 200, disable: 10 },
    spoil: (parts) => ({
      ...parts,
      memory: (reader, maxAgeMs) => new KeyMemory(reader, maxAgeMs === 0 ? 0 : Number.POSITIVE_INFINITY),
    }),
  },
  {
    name: 'an emergency at once leaves what API Gateway has kept',
    breaks: [5],
    shownBy: { use: 200 },
    spoil: (parts) =>
      withStep(
        parts,
        'activate',
        on((deps) => ({ ...deps, caches: { flush: async () => {} } })),
      ),
  },
  {
    name: 'authorizers refuse from memory',
    breaks: [1],
    shownBy: { use: 200, claim: 60 },
    spoil: (parts) => ({ ...parts, memory: (reader, maxAgeMs) => new StubbornMemory(reader, maxAgeMs) }),
  },
  {
    name: 'authorizers read what may be old',
    breaks: [1, 5],
    spoil: (parts) => ({ ...parts, memory: (reader, maxAgeMs) => new KeyMemory(lagging(reader), maxAgeMs) }),
  },
  {
    name: 'authorizers take the announced end for the end',
    breaks: [1],
    spoil: (parts) => ({
      ...parts,
      reader: {
        read: async (keyId) => {
          const key = await parts.reader.read(keyId);
          const versions = key?.versions.map((version) =>
            version.expiresAtMs === undefined ? version : { ...version, refuseAfterMs: version.expiresAtMs },
          );
          return key && versions && { ...key, versions };
        },
      },
    }),
  },
  {
    name: 'the first use in a window waits for the next flush',
    breaks: [3],
    shownBy: { use: 200, 'wait for machine': 200, claim: 60 },
    spoil: (parts) => ({
      ...parts,
      meter: (writer, intervalMs) => {
        const meter = parts.meter(writer, intervalMs);
        return altered(meter, { record: ({ windowEndsAtMs: _window, ...use }) => meter.record(use) });
      },
    }),
  },
  {
    name: 'a change is made without its audit event',
    breaks: [6],
    spoil: (parts) => ({
      ...parts,
      store: altered(parts.store, {
        auditEvents: async (keyId) =>
          (await parts.store.auditEvents(keyId)).filter(({ action }) => action !== 'version.claimed'),
      }),
    }),
  },
  {
    name: 'an audit event is changed after it was chained',
    breaks: [6],
    spoil: (parts) => ({
      ...parts,
      store: altered(parts.store, {
        save: (change) =>
          parts.store.save({ ...change, event: { ...change.event, reason: 'none was given' } }),
      }),
    }),
  },
  {
    name: 'a new key is logged',
    breaks: [7],
    spoil: (parts) => ({
      ...parts,
      sealer: altered(parts.sealer, {
        seal: (key: Plaintext, ...rest) => {
          console.log('sealing', key.reveal());
          return parts.sealer.seal(key, ...rest);
        },
      }),
    }),
  },
  {
    name: 'an error names the key that was not known',
    breaks: [7],
    spoil: (parts) => ({
      ...parts,
      verifier: () => ({ verify: async (key) => `'${key.reveal()}' is not known.` }),
    }),
  },
  {
    name: 'a seal is only encoded',
    breaks: [7],
    spoil: (parts) => ({
      ...parts,
      sealer: altered(parts.sealer, {
        seal: async (key, context, expiresAtMs) => ({
          ...(await parts.sealer.seal(key, context, expiresAtMs)),
          ciphertext: Buffer.from(key.reveal()).toString('base64'),
        }),
      }),
    }),
  },
];
