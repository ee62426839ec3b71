import type { MailFacts } from '../../../core/domain/notice.ts';
import * as rows from '../rows.ts';
import { type Template, those } from '../told.ts';
import type { Said, Words } from '../words.ts';

/** A key waits that nobody has received. */
export const deliveryWaiting: Template = (telling) => {
  const { facts, way, words, said } = telling;
  const { first, next } = words.deliveryWaiting;
  const { subject, happened } = facts.oldVersion === undefined ? first : next;
  return {
    subject: subject(said),
    happened: happened(said),
    toDo: words.deliveryWaiting.toDo[way](said),
    facts: those(...rows.versions(telling), rows.end(telling), rows.reason(telling)),
    notes: those(oldKey(facts, words, said)),
  };
};

/** What becomes of the key in use meanwhile; said only where it is known. */
function oldKey(
  { oldVersion, oldRefused, purpose, oldEndsAtMs }: MailFacts,
  { deliveryWaiting: words }: Words,
  said: Said,
): string | undefined {
  if (oldVersion === undefined) return undefined;
  if (oldRefused) return words.oldRefused(said);
  if (purpose === 'emergency') return oldEndsAtMs === undefined ? undefined : words.oldEnds(said);
  return purpose === undefined ? undefined : words.oldWaits(said);
}
