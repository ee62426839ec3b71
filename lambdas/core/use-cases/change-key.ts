/** The one way a key changes: read, decide, write once on what was read, and again if somebody was faster. */
import { type AuditEntry, chainEvent, headOf, keyChain } from '../domain/audit-event.ts';
import { type KeyRecord, type KeyVersion, mayAskAgain, versionOf } from '../domain/key-record.ts';
import type { ToldFacts } from '../domain/notice-causes.ts';
import { noticesOfChange } from '../domain/notices-of-change.ts';
import type { SealedKey } from '../ports/key-sealer.ts';
import type { KeyChange, KeyStore } from '../ports/key-store.ts';
import { AGAIN, untilSettled } from './until-settled.ts';

export interface Decision<Result> {
  readonly result: Result;
  /** Absent: nothing changes. */
  readonly change?: {
    readonly after: KeyRecord;
    readonly entry: AuditEntry;
    readonly seal?: NonNullable<KeyChange['seal']>;
    /** For the notices that it causes. */
    readonly told?: ToldFacts;
    /** Of notices that it is about. */
    readonly moves?: NonNullable<KeyChange['moves']>;
  };
}

type Decide<Result> = (record: KeyRecord | undefined) => Promise<Decision<Result>> | Decision<Result>;

/**
 * Applies one decision to a key.
 *
 * `decide` runs again from the new state whenever another change came first, so it must have no effect that repeating
 * would harm. Throws `WriteContention` after six lost races.
 */
export const changeKey = <Result>(store: KeyStore, keyId: string, decide: Decide<Result>): Promise<Result> =>
  untilSettled(
    () => tryChange(store, keyId, decide),
    (attempts) => `Key ${keyId} changed ${attempts} times while a change of it was being written.`,
  );

async function tryChange<Result>(
  store: KeyStore,
  keyId: string,
  decide: Decide<Result>,
): Promise<Result | typeof AGAIN> {
  const before = await store.find(keyId);
  const { result, change } = await decide(before);
  if (!change || !before) return result;
  const event = chainEvent(keyChain(before), before.audit, change.entry);
  const after: KeyRecord = {
    ...change.after,
    revision: before.revision + 1,
    audit: headOf(event),
  };
  const destroy = [...(change.seal?.destroy ?? []), ...(await sealsToDestroy(store, before, after))];
  const seal = { ...change.seal, ...(destroy.length > 0 ? { destroy } : {}) };
  const { told, moves } = change;
  const notices = store.notifies ? noticesOfChange({ before, after, event, ...(told ? { told } : {}) }) : [];
  const outcome = await store.save({
    before,
    after,
    event,
    ...(notices.length > 0 ? { notices } : {}),
    ...(moves ? { moves } : {}),
    ...(Object.keys(seal).length > 0 ? { seal } : {}),
  });
  return outcome === 'saved' ? result : AGAIN;
}

/**
 * A version that retires takes its sealed key with it, and a revoked key all of them: nobody may be given them. What a
 * registered key was given stays sealed until it is used; the authorizer, which sees that, cannot destroy it.
 */
async function sealsToDestroy(
  store: KeyStore,
  before: KeyRecord,
  after: KeyRecord,
): Promise<readonly SealedKey[]> {
  const ending = before.versions.filter(
    (version) =>
      version.status !== 'retired' &&
      (after.status === 'revoked' || !isLiving(after, version.version) || isSpent(before, after, version)),
  );
  const seals = await Promise.all(ending.map(({ version }) => store.findSealed(before.keyId, version)));
  return seals.filter((sealed) => sealed !== undefined);
}

function isLiving(record: KeyRecord, version: number): boolean {
  const found = versionOf(record, version);
  return found !== undefined && found.status !== 'retired';
}

function isSpent(before: KeyRecord, after: KeyRecord, version: KeyVersion): boolean {
  if (version.receivedBy !== 'renewal') return false;
  const changed = thumbprintIn(before) !== thumbprintIn(after);
  return changed || !mayAskAgain(after, version);
}

const thumbprintIn = ({ destination }: KeyRecord): string | undefined =>
  destination?.kind === 'renewal' ? destination.thumbprint : undefined;
