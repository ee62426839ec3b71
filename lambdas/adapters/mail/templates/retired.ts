import * as rows from '../rows.ts';
import { type Template, those } from '../told.ts';

/** The old version is refused: nothing to do for whoever has moved. */
export const retired: Template = (telling) => {
  const { facts, way, words, said } = telling;
  return {
    subject: words.retired.subject(said),
    happened: words.retired.happened(said),
    toDo: words.retired.toDo[way](said),
    facts: those(...rows.versions(telling), rows.when(telling), rows.requests(telling)),
    notes: those(facts.decidedBy === 'policy' && words.retired.byPolicy(said)),
    stragglers: true,
  };
};
