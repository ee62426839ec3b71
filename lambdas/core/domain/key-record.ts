/** One API key with everything that decides about it: the one item that every step reads and writes whole. */
import type { RotationTerms } from '../../../rules/policy.ts';
import type { RenewalKey } from '../../../rules/renewal-key.ts';
import type {
  Delivery,
  Environment,
  Evidence,
  KeyStatus,
  ReceivedBy,
  RotationGroup,
  RotationPurpose,
  RotationStatus,
  VersionStatus,
} from '../../../rules/words.ts';

export interface KeyVersion {
  readonly version: number;
  readonly status: VersionStatus;
  /** HMAC-SHA-256(pepper, key), base64url. */
  readonly hash: string;
  readonly pepperVersion: string;
  readonly createdAtMs: number;
  readonly activatedAtMs?: number;
  /** While deprecating: the announced end, told to clients; an extension moves it. */
  readonly expiresAtMs?: number;
  /**
   * While deprecating: refused from here on whatever the workflow does. Only an emergency sets it; without it the old
   * version ends by judgement alone, so that a workflow that stands still never cuts a client off.
   */
  readonly refuseAfterMs?: number;
  readonly retiredAtMs?: number;
  /** How it was last put where its owner can get it. */
  readonly offer?: Offer;
  /** When the key was handed out, by whatever way. */
  readonly receivedAtMs?: number;
  readonly receivedBy?: ReceivedBy;
  /** When a second visitor of its claim link reported that it was not they who took the key. */
  readonly claimDisputedAtMs?: number;
  /** When its sealed key was first found not to open: somebody had altered, moved or swapped it. */
  readonly sealBrokenAtMs?: number;
}

/** One try to bring a version to its owner. */
export interface Offer {
  readonly by: Delivery;
  readonly atMs: number;
  /** Why it came to nothing; the version is not offered then. */
  readonly failure?: string;
  /** Of a claim link: SHA-256 of its token, base64url, and its end. The token itself is nowhere. */
  readonly link?: { readonly tokenHash: string; readonly expiresAtMs: number };
}

/** Where new versions of a key go, as far as its delivery needs to know. */
export type Destination =
  /**
   * By its name, which is made from the key's id: the secret itself comes with the first version. Its readers are ARNs
   * of roles and users; without any, the identity policies of the account decide.
   */
  | { readonly kind: 'secret'; readonly name: string; readonly readers?: readonly string[] }
  | { readonly kind: 'vault'; readonly path: string }
  | { readonly kind: 'renewal'; readonly publicKey: RenewalKey; readonly thumbprint: string };

/** A public key that a client has proposed with its API key: nothing until an operator approves it. */
export interface RenewalProposal {
  readonly publicKey: RenewalKey;
  readonly thumbprint: string;
  /** The version that it was proposed with: when that is no longer the active one, the proposal lapses. */
  readonly version: number;
  readonly atMs: number;
  readonly expiresAtMs: number;
  readonly address: string;
  readonly userAgent: string;
}

/** Requests by version, as counted up to a moment. */
export interface UseCounts {
  readonly oldRequests: number;
  readonly newRequests: number;
}

/**
 * Where a window starts: what was counted since `sinceMs` when it did. It reaches back an hour, so that a count which
 * arrives late is found in this window, and no further, so that it does not depend on counters that have expired.
 */
export interface WindowBase extends UseCounts {
  readonly sinceMs: number;
}

/** A reminder to come, as the window opened with it. */
export interface Reminder {
  readonly beforeSeconds: number;
  readonly atMs: number;
}

/** The next look whether the old version may retire before the announced end. */
export interface EarlyLook {
  /** Uses from here on count. */
  readonly fromMs: number;
  readonly atMs: number;
  readonly windowBase: WindowBase;
}

export interface Verdict extends UseCounts {
  readonly evidence: Evidence;
  readonly decision: 'retire' | 'extend' | 'hold';
  readonly judgedAtMs: number;
  /** The owner had not received the new version by then: its key waited still, or was gone, and nobody can get it. */
  readonly undelivered?: 'waiting' | 'gone';
}

export interface Rotation {
  readonly rotationId: string;
  readonly purpose: RotationPurpose;
  readonly status: RotationStatus;
  readonly fromVersion: number;
  readonly toVersion?: number;
  readonly reason?: string;
  readonly initiatedBy: string;
  readonly executionArn?: string;
  readonly startedAtMs: number;
  readonly graceSeconds: number;
  readonly immediate: boolean;
  readonly notifyClients: boolean;
  readonly alertSecurity: boolean;
  readonly terms: RotationTerms;
  readonly gracePeriodEndsAtMs?: number;
  readonly extensions: number;
  /** From where the window under judgement counts. */
  readonly windowBase: WindowBase;
  /** Those still to come before this end, the next first. */
  readonly reminders?: readonly Reminder[];
  readonly remindedAtMs?: number;
  readonly earlyLook?: EarlyLook;
  /** Looks so far, that one included. */
  readonly earlyLooks?: number;
  readonly verdict?: Verdict;
  readonly endedAtMs?: number;
  readonly failure?: string;
}

/** Under which word a rotation is looked for. */
export const groupOf = ({ status, endedAtMs }: Pick<Rotation, 'status' | 'endedAtMs'>): RotationGroup =>
  endedAtMs === undefined ? 'running' : (status as RotationGroup);

export interface AuditHead {
  readonly sequence: number;
  readonly hash: string;
}

/** Passed over by the sweep until then. Rotations by hand and emergencies are not kept back. */
export interface Exemption {
  readonly reason: string;
  readonly untilMs: number;
}

/** What was put on record of the key from what others had seen, so that it is put there once. */
export interface Told {
  /** Start of the last window of which requests with wrong keys are on record. */
  readonly wrongKeysMs?: number;
  /** By version: start of the last window of which use of it, retired, is on record. */
  readonly retiredUsesMs?: Readonly<Record<string, number>>;
  /** The rotation that was seen to stand still. */
  readonly stuckRotationId?: string;
}

export interface KeyRecord {
  readonly keyId: string;
  readonly owner: string;
  readonly name: string;
  readonly environment: Environment;
  readonly purpose?: string;
  readonly scopes: readonly string[];
  readonly policy: string;
  readonly delivery: Delivery;
  readonly destination?: Destination;
  /** Who is told of this key beside its owner: addresses, ten at most. */
  readonly recipients?: readonly string[];
  readonly proposal?: RenewalProposal;
  /** When a refused renewal was last put on record. */
  readonly renewalRefusedAtMs?: number;
  /** CIDR blocks; empty: from anywhere. */
  readonly allowedAddresses: readonly string[];
  readonly status: KeyStatus;
  readonly createdAtMs: number;
  /** When the next scheduled rotation is due. */
  readonly dueAtMs: number;
  readonly exemption?: Exemption;
  readonly versions: readonly KeyVersion[];
  readonly rotation?: Rotation;
  readonly audit: AuditHead;
  readonly told?: Told;
  /** Grows by one with every change; a write holds only on the revision it was made from. */
  readonly revision: number;
  /** First use ever of each version, by version number. The authorizer alone writes it. */
  readonly firstUsesMs: Readonly<Record<string, number>>;
  /**
   * When a version that is accepted no more (retired, or past an emergency's bound) was first presented and refused, by
   * version number. The authorizer alone writes it. Absent from keys that an earlier release issued: of them it is not
   * noted.
   */
  readonly firstRefusalsMs?: Readonly<Record<string, number>>;
}

export const versionOf = (record: KeyRecord, version: number | undefined): KeyVersion | undefined =>
  record.versions.find((candidate) => candidate.version === version);

export const versionWith = (record: KeyRecord, status: VersionStatus): KeyVersion | undefined =>
  record.versions.find((candidate) => candidate.status === status);

/** The highest version number that the key ever had. */
export const newestVersion = (record: KeyRecord): number =>
  Math.max(...record.versions.map(({ version }) => version));

export const activeVersion = (record: KeyRecord): KeyVersion | undefined => versionWith(record, 'active');

/** Which way the version that waits for its owner may be taken. */
export const deliveryOf = (record: KeyRecord, version: KeyVersion): Delivery =>
  version.offer?.by ?? record.delivery;

/** Whether the last version that was taken by a link is said to have been taken by somebody else than its owner. */
export const wasLinkDisputed = ({ versions }: KeyRecord): boolean =>
  versions.filter(({ receivedBy }) => receivedBy === 'link').at(-1)?.claimDisputedAtMs !== undefined;

/** Received by its delivery, or used: either proves that the owner has it. */
export const wasReceived = (record: KeyRecord, version: KeyVersion): boolean =>
  version.receivedAtMs !== undefined || record.firstUsesMs[String(version.version)] !== undefined;

/**
 * Handed out encrypted for the registered key, which alone can read it, and not used yet: its holder may ask again, since
 * the answer may have been lost.
 */
export const mayAskAgain = (record: KeyRecord, { version, receivedBy }: KeyVersion): boolean =>
  receivedBy === 'renewal' &&
  record.destination?.kind === 'renewal' &&
  record.firstUsesMs[String(version)] === undefined;
