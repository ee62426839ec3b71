/** What a language must have: each sentence of each mail, and nothing else. One that is missing does not compile. */
import type { LeavableKind } from '../../../rules/mail-kinds.ts';
import type { Delivery, Environment, ReceivedBy } from '../../../rules/words.ts';
import type { LinkWords } from './link-words.ts';
import type { Quotes } from './theirs.ts';
import type { WebhookWords } from './webhook-words.ts';

/** A moment in the ways a sentence needs it, with the blank before it; where the moment is not known: without it. */
export interface Clauses {
  /** ` on Thursday …`, or nothing. */
  readonly on: string;
  /** ` to Thursday …`, or nothing. */
  readonly to: string;
  /** ` from Thursday … on`, or nothing. */
  readonly from: string;
  /** ` by Thursday …`, or ` now`. */
  readonly by: string;
}

/** What a sentence may say. */
export interface Said extends Clauses {
  /** The key's name in marks. */
  readonly name: string;
  /** ` (version 3)` of the version to use, or nothing. */
  readonly fresh: string;
  /** ` (version 2)` of the version beside it, or nothing. */
  readonly old: string;
  /** The same moment, short enough for a subject. */
  readonly brief: Clauses;
}

type Sentence = (said: Said) => string;
/** How the key comes to whoever reads the mail: a claim link goes to the key's owner alone. */
export type Way = Delivery | 'link-to-owner';
type ByDelivery = Readonly<Record<Way, Sentence>>;

/** What every kind says. */
interface Opening {
  readonly subject: Sentence;
  readonly happened: Sentence;
}

export interface Words {
  readonly quotes: Quotes;
  /** ` (version 3)`, with the blank before it. */
  readonly version: (version: number) => string;
  /** @param moment absent where it is not known */
  readonly clauses: (moment: string | undefined) => Clauses;
  /** ` by then`: of the moment that has just been said. */
  readonly byThen: string;

  readonly issued: Opening & { readonly toDo: ByDelivery };
  readonly rotationStarted: Opening;
  readonly reminder: {
    readonly planned: Opening;
    readonly emergency: Opening;
    readonly undelivered: Sentence;
  };
  readonly extended: {
    readonly stragglers: Opening;
    readonly held: Opening;
    readonly undelivered: Opening;
  };
  readonly rolledBack: Opening & { readonly toDo: ByDelivery; readonly links: Sentence };
  readonly retired: Opening & { readonly toDo: ByDelivery; readonly byPolicy: Sentence };
  readonly emergency: {
    readonly refused: Opening;
    readonly ending: Opening;
    /** Before what to do. */
    readonly actNow: Sentence;
    readonly worksAgain: Sentence;
    readonly tellMore: Sentence;
  };
  readonly deliveryWaiting: {
    readonly first: Opening;
    readonly next: Opening;
    readonly toDo: ByDelivery;
    readonly oldWaits: Sentence;
    readonly oldRefused: Sentence;
    readonly oldEnds: Sentence;
  };
  readonly receivedElsewhere: Opening & { readonly toDo: Sentence; readonly howFast: Sentence };
  readonly webhookDisabled: WebhookWords;
  readonly claimLink: LinkWords;

  /** How a client comes to use the new key, and by when. */
  readonly move: ByDelivery;
  /** What becomes of the old key at its announced end. */
  readonly atEnd: { readonly planned: Sentence; readonly emergency: Sentence };
  /** Why there is no key in it. */
  readonly neverHere: string;

  readonly labels: {
    readonly key: string;
    readonly keyId: string;
    readonly owner: string;
    readonly environment: string;
    readonly version: string;
    readonly versionToUse: string;
    readonly oldVersion: string;
    readonly takenBack: string;
    readonly when: string;
    readonly ends: string;
    /** When a rotation that holds is judged again. */
    readonly reviewed: string;
    readonly refusedFrom: string;
    readonly reason: string;
    readonly extensions: string;
    readonly requests: string;
    readonly receivedBy: string;
    readonly receivedFrom: string;
    readonly userAgent: string;
    readonly refusedAlready: string;
  };
  readonly environments: Readonly<Record<Environment, string>>;
  readonly received: Readonly<Record<ReceivedBy | 'first-use', string>>;
  readonly requests: (old: string, fresh: string) => string;
  readonly stragglers: {
    readonly caption: string;
    readonly client: string;
    readonly use: string;
    readonly count: (requests: number, shown: string) => string;
    readonly last: (moment: string) => string;
    readonly nameless: string;
  };

  readonly footer: {
    readonly why: string;
    readonly leave: Readonly<Record<LeavableKind, string>>;
    readonly leaveLink: string;
  };
}
