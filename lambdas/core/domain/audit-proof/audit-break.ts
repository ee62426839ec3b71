/** What can be wrong with the audit, each named where it was found first, with a sentence that says it. */

/** Of a chain of events. */
export type ChainBreakKind =
  /** Not what an event looks like. */
  | 'unreadable'
  /** Its content does not give its hash. */
  | 'altered'
  /** An event of another chain lies here. */
  | 'foreign'
  /** The same event twice, or two events in one place. */
  | 'duplicated'
  | 'dropped'
  /** It is whole, and filed where questions by owner, actor, kind or time do not find it. */
  | 'misfiled'
  | 'reordered'
  /** It carries its own hash and does not follow from the event before it. */
  | 'unlinked'
  /** The chain ends before the event that is known to be its last. */
  | 'truncated'
  /** The chain goes on after the event that is known to be its last. */
  | 'forged-continuation'
  /** The last event has another hash than the one that is known: events were altered and hashed anew. */
  | 'rewritten'
  | 'chain-missing'
  /** Its key's own record is gone. */
  | 'key-gone'
  /** Events stand under a digest that does not know them. */
  | 'not-in-digest'
  /** It says that it is of a time that had not come. */
  | 'dated-ahead';

/** Of digests, and of what was read as a whole. */
export type DigestBreakKind =
  | 'digest-unreadable'
  /** Not signed with the key, or altered after it was. */
  | 'digest-forged'
  | 'digest-of-another-deployment'
  | 'digest-missing'
  | 'digest-reordered'
  | 'digest-duplicated'
  /** It names another digest before it than the one that is there. */
  | 'digest-unlinked'
  /** The list of heads is not the one that it signs. */
  | 'heads-differ'
  /** Somebody wrote over or deleted what was stored; its first version is what was looked at. */
  | 'digest-overwritten'
  /** None was taken for two days. */
  | 'digest-overdue';

export interface ChainBreak {
  readonly what: ChainBreakKind;
  readonly chain: string;
  readonly sequence: number;
  readonly sentence: string;
}

export interface DigestBreak {
  readonly what: DigestBreakKind;
  /** Its day. */
  readonly digest: string;
  readonly sentence: string;
}

/** What was read is not whole, or not what records look like. */
export interface ReadingBreak {
  readonly what: 'incomplete';
  readonly sentence: string;
}

export type AuditBreak = ChainBreak | DigestBreak | ReadingBreak;

const PLAIN = /^[\w./:-]+$/;
/** A name that was read may hold anything: what is no plain word is shown as a JSON text. */
const named = (name: string): string => (PLAIN.test(name) ? name : JSON.stringify(name));

/** What the sentence needs beside the place. */
export interface ChainBreakFacts {
  /** Where the chain was known to end, and by what. */
  readonly lastSequence?: number;
  readonly knownBy?: string;
  readonly otherChain?: string;
}

const CHAIN_SENTENCES: Record<ChainBreakKind, (n: number, facts: ChainBreakFacts) => string> = {
  unreadable: (n) => `what stands where event ${n} belongs is not an event`,
  altered: (n) => `event ${n} was altered: its content does not give its hash`,
  foreign: (n, { otherChain = '' }) => `where event ${n} belongs lies an event of chain ${named(otherChain)}`,
  duplicated: (n, { lastSequence }) => `event ${n} comes again, after event ${lastSequence}`,
  dropped: (n, { lastSequence }) => `event ${n} is missing: event ${lastSequence} follows`,
  reordered: (n, { lastSequence }) => `event ${n} stands after event ${lastSequence}`,
  misfiled: (n) =>
    `event ${n} is filed under another place, owner, actor, kind or time than its own: questions and reports miss it`,
  unlinked: (n) =>
    `event ${n} does not follow from event ${n - 1}: it was forged, or event ${n - 1} was replaced`,
  truncated: (n, { lastSequence, knownBy }) =>
    `event ${n} and what follows is missing: by ${knownBy} the chain ends with event ${lastSequence}`,
  'forged-continuation': (n, { lastSequence, knownBy }) =>
    `event ${n} was added: by ${knownBy} the chain ends with event ${lastSequence}`,
  rewritten: (n, { knownBy }) =>
    `event ${n} has another hash than by ${knownBy}: events up to it were altered and hashed anew`,
  'chain-missing': (n, { knownBy }) => `none of its events is there: by ${knownBy} it has ${n}`,
  'key-gone': (n) => `its last event is ${n}, and what it is about is not on record any more`,
  'not-in-digest': (n, { knownBy }) => `event ${n} stands under ${knownBy}, which does not know it`,
  'dated-ahead': (n, { knownBy }) => `event ${n} is dated after ${knownBy}: it was forged`,
};

export const chainBreak = (
  what: ChainBreakKind,
  chain: string,
  sequence: number,
  facts: ChainBreakFacts = {},
): ChainBreak => ({
  what,
  chain,
  sequence,
  sentence: `Chain ${named(chain)}: ${CHAIN_SENTENCES[what](sequence, facts)}.`,
});

export const digestBreak = (what: DigestBreakKind, digest: string, sentence: string): DigestBreak => ({
  what,
  digest,
  sentence: `Digest of ${named(digest)}: ${sentence}.`,
});

export const incomplete = (sentence: string): ReadingBreak => ({ what: 'incomplete', sentence });
