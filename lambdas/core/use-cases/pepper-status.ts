/** Which peppers there are and what needs them, without a word of what they are. */
import { alteredPeppers, madeCurrentAtMs } from '../domain/pepper-events.ts';
import { isNewer, madeAtMs } from '../domain/pepper-name.ts';
import { missingPeppers } from '../domain/pepper-rotation.ts';
import type { PepperRecord, PepperSecret } from '../ports/pepper-rotation.ts';

export interface PepperStatus {
  /** The newest first; those that are missing last. */
  readonly peppers: readonly {
    readonly name: string;
    readonly current: boolean;
    /** False: versions need it, and it is not in the secret. */
    readonly present: boolean;
    /** Not what was added under this name. */
    readonly altered: boolean;
    readonly madeAtMs?: number;
    readonly currentSinceMs?: number;
    /** Versions that are or may be accepted, as last counted; absent where it was not counted since it was made. */
    readonly neededBy?: number;
  }[];
  readonly countedAtMs?: number;
}

/** Reads the last count of the pepper machine: to count anew takes as long as there are keys. */
export async function pepperStatus({
  secret,
  record,
}: {
  readonly secret: Pick<PepperSecret, 'read'>;
  readonly record: Pick<PepperRecord, 'events' | 'lastCount'>;
}): Promise<PepperStatus> {
  const [{ set }, events, count] = await Promise.all([secret.read(), record.events(), record.lastCount()]);
  const present = [...set.secrets.keys()].sort((one, other) => (isNewer(one, other) ? -1 : 1));
  const missing = missingPeppers(set, count?.needs ?? {});
  const altered = alteredPeppers(events, set);
  const peppers = [...present, ...missing].map((name) => {
    const madeMs = madeAtMs(name);
    const sinceMs = madeCurrentAtMs(events, name);
    const counted = count && (madeMs ?? 0) <= count.countedAtMs;
    return {
      name,
      current: name === set.current,
      present: set.secrets.has(name),
      altered: altered.includes(name),
      ...(madeMs === undefined ? {} : { madeAtMs: madeMs }),
      ...(sinceMs === undefined ? {} : { currentSinceMs: sinceMs }),
      ...(counted ? { neededBy: count.needs[name] ?? 0 } : {}),
    };
  });
  return { peppers, ...(count ? { countedAtMs: count.countedAtMs } : {}) };
}
