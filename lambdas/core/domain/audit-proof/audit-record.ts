/**
 * What the audit is checked from, in the order of checking: an export has one record a line, and a deployment that is asked
 * gives the same ones. First the header, then, where it does not begin at the beginning, a digest to start from with all
 * its heads; then for each digest the events that it covers and the heads that it moved, and itself; then the events that
 * no digest covers yet, and where each chain ends as its key's own record has it; last how many records that were.
 */
import { type ChainHead, isChainHead } from './chain-head.ts';
import type { SignedDigest } from './digest.ts';

export const EXPORT_FORMAT = 1;

export interface HeaderRecord {
  readonly type: 'header';
  readonly format: typeof EXPORT_FORMAT;
  readonly table: string;
  readonly exportedAt: string;
  /** As it was asked for; null: from the beginning, to the end. */
  readonly from: string | null;
  readonly to: string | null;
  /** PEM, as the deployment gave it. */
  readonly publicKey: string;
}

export interface DigestRecord extends SignedDigest {
  readonly type: 'digest' | 'anchor';
  /** What was stored first is not the only thing that is stored of it. */
  readonly overwritten?: boolean;
}

export interface HeadRecord extends ChainHead {
  readonly type: 'anchor-head' | 'head' | 'live-head';
}

export interface EventRecord {
  readonly type: 'event';
  /** Where it lies, whatever it says of itself. */
  readonly chain: string;
  readonly event: unknown;
}

export interface EndRecord {
  readonly type: 'end';
  /** Those before it. */
  readonly records: number;
  /** It goes to where the chains ended when it was made. */
  readonly live: boolean;
}

export type AuditRecord = HeaderRecord | DigestRecord | HeadRecord | EventRecord | EndRecord;

/** @returns undefined for what is no record of this format */
export function recordFrom(value: unknown): AuditRecord | undefined {
  const record = (value ?? {}) as Partial<AuditRecord>;
  switch (record.type) {
    case 'header':
      return isHeader(record) ? (record as HeaderRecord) : undefined;
    // A digest of another form is for whoever checks to name, with its place.
    case 'anchor':
    case 'digest':
      return record as DigestRecord;
    case 'anchor-head':
    case 'head':
    case 'live-head':
      return isChainHead(record) ? (record as HeadRecord) : undefined;
    case 'event':
      return typeof record.chain === 'string' ? (record as EventRecord) : undefined;
    case 'end':
      return Number.isSafeInteger(record.records) && typeof record.live === 'boolean'
        ? (record as EndRecord)
        : undefined;
    default:
      return undefined;
  }
}

const isTime = (value: unknown): boolean => typeof value === 'string' && !Number.isNaN(Date.parse(value));

const isHeader = ({ format, table, exportedAt, from, to, publicKey }: Partial<HeaderRecord>): boolean =>
  format === EXPORT_FORMAT &&
  typeof table === 'string' &&
  isTime(exportedAt) &&
  [from, to].every((end) => end === null || isTime(end)) &&
  typeof publicKey === 'string';
