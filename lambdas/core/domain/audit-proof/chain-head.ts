/** Where chains of events end, all of them together: what a digest signs. */
import { createHash } from 'node:crypto';
import type { AuditHead } from '../key-record.ts';

/** The last event of a chain. */
export interface ChainHead extends AuditHead {
  readonly chain: string;
}

/** What a digest says of a list of heads. */
export interface HeadsFacts {
  readonly chains: number;
  readonly events: number;
  /** SHA-256 of the list's lines, hex. */
  readonly headsSha256: string;
}

/** One line of a list of heads: canonical JSON (RFC 8785), whose names of fields stand in this order. */
export const headLine = ({ chain, sequence, hash }: ChainHead): string =>
  `{"chain":${JSON.stringify(chain)},"hash":${JSON.stringify(hash)},"sequence":${sequence}}\n`;

/** @param heads sorted by chain, by the values of their UTF-16 code units */
export function headsFacts(heads: Iterable<ChainHead>): HeadsFacts {
  const hash = createHash('sha256');
  let chains = 0;
  let events = 0;
  for (const head of heads) {
    hash.update(headLine(head));
    chains += 1;
    events += head.sequence;
  }
  return { chains, events, headsSha256: hash.digest('hex') };
}

const HASH = /^[0-9a-f]{64}$/;

export const isHash = (value: unknown): value is string => typeof value === 'string' && HASH.test(value);

/** Whether something that was read is the head of a chain: everything else of it is looked at when it is compared. */
export function isChainHead(value: unknown): value is ChainHead {
  const { chain, sequence, hash } = (value ?? {}) as Partial<Record<keyof ChainHead, unknown>>;
  return typeof chain === 'string' && Number.isSafeInteger(sequence) && Number(sequence) > 0 && isHash(hash);
}
