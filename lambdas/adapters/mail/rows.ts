/** Rows of facts that several kinds of mail have. Each is left out where its fact is not known. */
import { isIP } from 'node:net';
import { unlinked } from './theirs.ts';
import type { Fact, Telling } from './told.ts';
import type { Words } from './words.ts';

type Row = (telling: Telling) => Fact | undefined;

type Label = keyof Words['labels'];

/** @param old the label of the version that is not to be used */
export const versions = (
  { facts, words }: Telling,
  old: Label = 'oldVersion',
  fresh: Label = 'versionToUse',
): readonly (Fact | undefined)[] => {
  const { version, oldVersion } = facts;
  const isOther = oldVersion !== undefined && oldVersion !== version;
  return [
    version === undefined ? undefined : [words.labels[fresh], String(version)],
    isOther ? [words.labels[old], String(oldVersion)] : undefined,
  ];
};

/** When the old key ends, or is refused: it makes a difference to whoever has not moved. */
export const end: Row = ({ facts, words, moments }) => {
  const { oldEndsAtMs, oldRefused, purpose } = facts;
  if (oldRefused) return [words.labels.refusedFrom, words.labels.refusedAlready];
  if (oldEndsAtMs === undefined) return undefined;
  const label = purpose === 'emergency' ? words.labels.refusedFrom : words.labels.ends;
  return [label, moments.full(oldEndsAtMs)];
};

export const when: Row = ({ facts, words, moments }) => [words.labels.when, moments.full(facts.atMs)];

const LONGEST_REASON = 300;

/** As an operator gave it, for the audit: nobody wrote it for a mail program to make links of. */
export const reason: Row = ({ facts, words }) =>
  facts.reason === undefined
    ? undefined
    : [words.labels.reason, unlinked(facts.reason, LONGEST_REASON, words.quotes)];

export const requests: Row = ({ facts, words, count }) =>
  facts.oldRequests === undefined || facts.newRequests === undefined
    ? undefined
    : [words.labels.requests, words.requests(count(facts.oldRequests), count(facts.newRequests))];

const LONGEST_ADDRESS = 60;

/** As it is; what is no address stands in marks. */
export const addressOf = (address: string, { quotes }: Words): string =>
  isIP(address) === 0 ? unlinked(address, LONGEST_ADDRESS, quotes) : address;
