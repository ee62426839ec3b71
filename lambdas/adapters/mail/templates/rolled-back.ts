import * as rows from '../rows.ts';
import { type Template, those } from '../told.ts';

/** The new version is refused, and the earlier one is the key again. */
export const rolledBack: Template = (telling) => {
  const { facts, way, words, said } = telling;
  return {
    subject: words.rolledBack.subject(said),
    happened: words.rolledBack.happened(said),
    toDo: words.rolledBack.toDo[way](said),
    facts: those(...rows.versions(telling, 'takenBack'), rows.when(telling), rows.reason(telling)),
    notes: those(facts.delivery === 'claim-link' && words.rolledBack.links(said)),
  };
};
