import * as rows from '../rows.ts';
import { afterIt, type Template, those, together } from '../told.ts';

/** The key was replaced because somebody else may have it: the old version ends whether clients have moved or not. */
export const emergency: Template = (telling) => {
  const { facts, way, words, said } = telling;
  const { subject, happened } = facts.oldRefused ? words.emergency.refused : words.emergency.ending;
  return {
    subject: subject(said),
    happened: happened(said),
    toDo: together(words.emergency.actNow(said), words.move[way](afterIt(telling))),
    urgent: true,
    facts: those(
      ...rows.versions(telling),
      rows.end({ ...telling, facts: { ...facts, purpose: 'emergency' } }),
      rows.when(telling),
      rows.reason(telling),
    ),
    notes: those(facts.oldRefused && words.emergency.worksAgain(said), words.emergency.tellMore(said)),
  };
};
