import * as rows from '../rows.ts';
import { type Template, those } from '../told.ts';

/** Both versions are accepted from now on: how to come to the new one, and by when. */
export const rotationStarted: Template = (telling) => {
  const { facts, way, words, said } = telling;
  return {
    subject: words.rotationStarted.subject(said),
    happened: words.rotationStarted.happened(said),
    toDo: words.move[way](said),
    facts: those(...rows.versions(telling), rows.end(telling), rows.reason(telling)),
    notes: those(facts.oldEndsAtMs !== undefined && words.atEnd.planned(said)),
  };
};
