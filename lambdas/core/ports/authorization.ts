/** What the authorizer reads and writes, behind whatever is fast enough for its path. */
import type { Caller } from '../domain/caller.ts';
import type { KeyRecord } from '../domain/key-record.ts';
import type { WrongKeyCount } from '../domain/wrong-key.ts';

/** The part of a key's record that authorizing needs. */
export type AuthorizableKey = Pick<
  KeyRecord,
  | 'keyId'
  | 'owner'
  | 'environment'
  | 'scopes'
  | 'allowedAddresses'
  | 'status'
  | 'versions'
  | 'firstUsesMs'
  | 'firstRefusalsMs'
>;

export interface KeyReader {
  /** One consistent read. Throws when the store cannot be read: never an answer from nothing. */
  read(keyId: string): Promise<AuthorizableKey | undefined>;
}

/** Uses of one version within one hour, as counted by one environment since its last write. */
export interface UseIncrement {
  readonly keyId: string;
  readonly version: number;
  /** Start of the hour. */
  readonly hourMs: number;
  readonly requests: number;
  readonly deprecatingRequests: number;
  /** Those of the requests that came while the key had two accepted versions, by minute of the hour. */
  readonly minutes: Readonly<Record<number, number>>;
  readonly lastUsedAtMs: number;
  readonly callers: readonly Caller[];
}

export interface UseWriter {
  add(increment: UseIncrement): Promise<void>;
  /** Notes the first use ever of a version; later calls change nothing. */
  noteFirstUse(keyId: string, version: number, atMs: number): Promise<void>;
  /** Notes when a version that is accepted no more was first refused; later calls change nothing. */
  noteFirstRefusal(keyId: string, version: number, atMs: number): Promise<void>;
}

/** Use of a version that is retired. */
export interface RetiredUse {
  readonly keyId: string;
  readonly version: number;
  readonly address: string;
  readonly userAgent: string;
  readonly atMs: number;
}

/** Counters of wrong keys, by window. */
export interface WrongKeyWriter {
  /** @param windowMs start of the window in which it is written: that of its requests may have been told already */
  addWrong(windowMs: number, count: WrongKeyCount): Promise<void>;
  /** Notes the first use of a retired version in a window; later calls change nothing. */
  noteRetiredUse(windowMs: number, use: RetiredUse): Promise<void>;
}
