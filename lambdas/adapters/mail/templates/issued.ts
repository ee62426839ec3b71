import * as rows from '../rows.ts';
import { type Template, those } from '../told.ts';

/** A key was issued: where it is, which is all that its owner needs. */
export const issued: Template = (telling) => {
  const { way, words, said } = telling;
  return {
    subject: words.issued.subject(said),
    happened: words.issued.happened(said),
    toDo: words.issued.toDo[way](said),
    facts: those(...rows.versions(telling, 'oldVersion', 'version'), rows.when(telling)),
    notes: [],
  };
};
