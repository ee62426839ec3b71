/** What a language must have for the mail that brings a claim link. */
import type { Clauses, Said } from './words.ts';

/** With the key's name in marks, and by when the link works. */
type OfLink = (said: Pick<Said, 'name' | 'by'>) => string;
/** With the moment at which the key before ends. */
type OfEnd = (end: Clauses) => string;

interface Opening {
  readonly subject: OfLink;
  readonly happened: OfLink;
}

/** `again`: a link for the same version was mailed before. */
interface Openings {
  readonly new: Opening;
  readonly again: Opening;
}

export interface LinkWords {
  /** A key's first version. */
  readonly first: Openings;
  /** A version after another. */
  readonly next: Openings;
  readonly toDo: OfLink;
  /** What becomes of the key before, within what to do. */
  readonly previous: { readonly refused: string; readonly refusedAt: OfEnd; readonly ends: OfEnd };
  readonly button: string;
  /** Before the address of the link. */
  readonly otherwise: string;

  readonly until: string;
  readonly keyBefore: string;
  readonly keyInUse: string;
  /** What becomes of the key before, in its row. */
  readonly standing: { readonly refused: string; readonly refusedAt: OfEnd; readonly ends: OfEnd };

  readonly once: string;
  readonly earlierLink: string;
  readonly takenByOther: string;
  readonly another: string;
  /** Why its reader gets it: it goes to the owner alone. */
  readonly why: string;
}
