/** The mail that brings a claim link: what happened to the key, what to do, and by when. It never holds the key. */
import type { ClaimLink, PreviousVersion } from '../../core/ports/key-place.ts';
import { type Mail, mailOf } from '../ses/mail-layout.ts';
import type { LinkWords } from './link-words.ts';
import type { Moments } from './moments.ts';
import { LONGEST_IN_SENTENCE, LONGEST_NAME, ownFooter, type Reading, readingOf } from './reading.ts';
import { theirs } from './theirs.ts';
import { type Fact, those, together } from './told.ts';
import type { Clauses, Words } from './words.ts';

/** @param reading how the key's owner reads it */
export function renderClaimLink(link: ClaimLink, reading: Reading): Mail {
  const { keyId, keyName, version, previous, again } = link;
  const { language, words, moments } = readingOf(reading);
  const own = words.claimLink;
  const until = moments.full(link.expiresAtMs);
  const name = theirs(keyName, LONGEST_IN_SENTENCE, words.quotes);
  const said = { name, by: words.clauses(until).by };
  const opening = (previous ? own.next : own.first)[again ? 'again' : 'new'];
  const end = previous && endOf(previous, words, moments);
  return mailOf({
    language,
    subject: opening.subject({ name, by: words.clauses(moments.brief(link.expiresAtMs)).by }),
    lead: [opening.happened(said), together(own.toDo(said), end?.told)],
    action: { label: own.button, url: link.url.reveal(), otherwise: own.otherwise },
    facts: those<Fact>(
      [words.labels.key, theirs(keyName, LONGEST_NAME, words.quotes)],
      [words.labels.keyId, keyId],
      [words.labels.version, String(version)],
      [words.labels.environment, words.environments[link.environment]],
      [own.until, until],
      end?.row,
    ),
    notes: those(own.once, again && own.earlierLink, own.takenByOther, own.another),
    footer: [...ownFooter(reading, { keyId, keyName, owner: link.to }, words), own.why, words.neverHere],
  });
}

/** The one date that decides for the reader: when the client stops working. */
function endOf(previous: PreviousVersion, { clauses, claimLink }: Words, moments: Moments) {
  const { previous: told, standing, keyBefore, keyInUse } = claimLink;
  if (previous.state === 'refused') return { told: told.refused, row: [keyBefore, standing.refused] as Fact };
  const way: keyof Ends = previous.state === 'ends' ? 'ends' : 'refusedAt';
  const end: Clauses = clauses(moments.full(previous.atMs));
  return { told: told[way](end), row: [keyInUse, standing[way](end)] as Fact };
}

type Ends = Omit<LinkWords['standing'], 'refused'>;
