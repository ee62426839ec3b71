import * as rows from '../rows.ts';
import { afterIt, type Template, those, together } from '../told.ts';

/** The end comes near: it waits for clients, but in an emergency it does not. */
export const reminder: Template = (telling) => {
  const { facts, way, words, said } = telling;
  const means = facts.purpose === 'emergency' ? 'emergency' : 'planned';
  const { subject, happened } = words.reminder[means];
  return {
    subject: subject(said),
    happened: happened(said),
    toDo: together(
      facts.undelivered && words.reminder.undelivered(said),
      facts.undelivered
        ? words.deliveryWaiting.toDo[way](afterIt(telling))
        : words.move[way](afterIt(telling)),
    ),
    urgent: means === 'emergency',
    facts: those(...rows.versions(telling), rows.end(telling), rows.requests(telling), rows.reason(telling)),
    notes: those(facts.oldEndsAtMs !== undefined && words.atEnd[means](said)),
    stragglers: true,
  };
};
