/** What the model writes down of keys, their versions and rotations; and what that means. */
import type { KeyRecord } from '../../lambdas/core/domain/key-record.ts';
import type { Policy } from '../../rules/policy.ts';
import type { VersionStatus } from '../../rules/words.ts';
import type { Environment } from './environment.ts';
import type { Moment } from './moment.ts';
import type { Process } from './process.ts';

/** A request with a version. Whether it has been counted is only sure once it is answered. */
export interface Use {
  readonly environment: Environment;
  readonly from: Moment;
  /** Undefined while it runs, and if it broke off. */
  answered: Moment | undefined;
}

/** Refused from a time on; which moment it is exactly depends on when the process that set it looked at the clock. */
export interface Refusal {
  readonly from: Moment;
  readonly atLatestMs: number;
  /** Undefined if time alone brings it. */
  readonly by: Process | undefined;
  /** When that process had done all it has to do, beyond the write. */
  settled: Moment | undefined;
}

export interface VersionBook {
  readonly version: number;
  readonly hash: string;
  /** Undefined if its maker died before anybody saw it. */
  text: string | undefined;
  status: VersionStatus;
  acceptedSince: Moment | undefined;
  refusal: Refusal | undefined;
  /** The key was handed out, or is as good as that: the write that says so is made. */
  isReceived: boolean;
  /** To the holder of the registered key, who may ask again until it is used. */
  isRenewed: boolean;
  /** It was written to the place, on record or not. */
  wasPlaced: boolean;
  /** Used, and the key changed since: nobody may be given it again. */
  isSpent: boolean;
  /** A rollback has made it the one again. */
  takenBack: Moment | undefined;
  readonly uses: Use[];
}

/** Use counts from its moment on; how long it lasts, from the start of the process that opened it. */
export interface Window {
  readonly from: Moment;
  readonly beganMs: number;
}

export interface UsesSince {
  readonly lastedMs: number;
  /** Old uses that must be on record by then, at least. */
  readonly oldUses: number;
  /** New uses that can be on record by then, at most. */
  readonly newUses: number;
}

/** What the books say of a migration at a judgement. */
export interface Judgement extends UsesSince {
  readonly wasEnabled: boolean;
  readonly wasOnTime: boolean;
  readonly newIsReceived: boolean;
  readonly extensions: number;
  /** Since the last look for an early retirement. */
  readonly sinceLook: UsesSince;
}

export interface RotationBook {
  readonly rotationId: string;
  readonly policy: Policy;
  readonly graceSeconds: number;
  readonly extensionSeconds: number;
  readonly isEmergency: boolean;
  readonly isImmediate: boolean;
  readonly isManual: boolean;
  madeVersion: boolean;
  /** The versions that it is about, once both are accepted. */
  old: VersionBook | undefined;
  fresh: VersionBook | undefined;
  extensions: number;
  judgement: Judgement | undefined;
}

export interface KeyBook {
  readonly keyId: string;
  /** As the story calls it: `A`. */
  readonly name: string;
  record: KeyRecord;
  readonly versions: Map<number, VersionBook>;
  /** What the place must show since a rollback; undefined while anything may have come between. */
  mustBePlaced: number | undefined;
  /** When a process last broke off after it had written there. */
  placeDoubted: Moment | undefined;
  enabledSince: Moment;
  refusal: Refusal | undefined;
  changes: number;
  lastHash: string;
  rotation: RotationBook | undefined;
  readonly rotations: Map<string, RotationBook>;
  /** What is judged next. */
  window: Window | undefined;
  /** What a look for an early retirement goes by. */
  look: Window | undefined;
}

/** An emergency of many keys, with the versions that their owners had when it was ordered. */
export interface RunBook {
  readonly label: string;
  readonly runId: string;
  readonly isImmediate: boolean;
  readonly since: Moment;
  readonly known: readonly { readonly book: KeyBook; readonly version: VersionBook }[];
}

/** From this very write on. */
export const refusedAt = (at: Moment, by: Process): Refusal => ({
  from: at,
  atLatestMs: at.atMs,
  by,
  settled: undefined,
});

export const isBefore = (one: Moment, other: Moment): boolean => one.order < other.order;

export const isAccepted = ({ status }: { readonly status: VersionStatus }): boolean =>
  status === 'active' || status === 'deprecating';

/** The newest version that is accepted, and the one before it. */
export function bothAccepted({ versions }: KeyBook): Pick<RotationBook, 'old' | 'fresh'> {
  const [fresh, old] = [...versions.values()].filter(isAccepted).reverse();
  return old ? { old, fresh } : { old: undefined, fresh: undefined };
}

/** Whether a version gets in, by the books; undefined while two clocks could disagree on it. */
export function isLetIn(book: KeyBook, version: VersionBook, nowMs: number): boolean | undefined {
  if (book.refusal || !isAccepted(version)) return false;
  if (!version.refusal || nowMs < version.refusal.from.atMs) return true;
  return nowMs >= version.refusal.atLatestMs ? false : undefined;
}
