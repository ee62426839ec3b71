/** Somebody came with a link that is none: counted for the key, on record once an hour, and told nothing. */
import { HOUR_MS } from '../../../rules/time-units.ts';
import type { Visitor } from '../domain/audit-event.ts';
import type { KeyRecord } from '../domain/key-record.ts';
import type { Clock } from '../ports/ambient.ts';
import type { ClaimTries } from '../ports/claim-tries.ts';
import type { KeyStore } from '../ports/key-store.ts';
import { changeKey, type Decision } from './change-key.ts';

export interface RefuseDeps {
  readonly store: KeyStore;
  readonly tries: ClaimTries;
  readonly clock: Clock;
}

/** Whoever asks is told no reason: there is no such key, or no such link, or it was replaced by a newer one. */
export type RefusedLink =
  | { readonly outcome: 'wrong' }
  | { readonly outcome: 'too-many'; readonly retryAfterSeconds: number };

/** Guessing 256 bits is hopeless at any rate: this bounds what it costs, and that it is not noticed. */
export const MOST_TRIES_PER_HOUR = 20;

/**
 * Comes after the comparison, so that whoever has the right link is never locked out by others' tries. Unknown keys are
 * counted alike, so that the count does not tell them apart.
 *
 * @param record the key as it was read for the try; of a key without a link nothing is noted
 */
export async function refuseLink(
  deps: RefuseDeps,
  record: KeyRecord | undefined,
  { keyId, actor, origin }: Visitor & { readonly keyId: string },
): Promise<RefusedLink> {
  const atMs = deps.clock();
  const tries = await deps.tries.count(keyId, atMs, MOST_TRIES_PER_HOUR);
  if (tries === 'too-many') {
    return { outcome: 'too-many', retryAfterSeconds: Math.ceil((HOUR_MS - (atMs % HOUR_MS)) / 1000) };
  }
  if (tries === 1 && record && hasLink(record))
    await note(deps, keyId, { actor, ...(origin ? { origin } : {}) });
  return { outcome: 'wrong' };
}

const hasLink = ({ versions }: KeyRecord): boolean => versions.some(({ offer }) => offer?.link);

const note = ({ store, clock }: RefuseDeps, keyId: string, visitor: Visitor): Promise<void> =>
  changeKey(
    store,
    keyId,
    (after): Decision<void> => ({
      result: undefined,
      ...(after
        ? { change: { after, entry: { action: 'claim.refused', ...visitor, atMs: clock(), detail: {} } } }
        : {}),
    }),
  );
