import * as rows from '../rows.ts';
import { afterIt, type Fact, type Telling, type Template, those } from '../told.ts';

/** The old version's end was put off: because of whom, and what they must do. */
export const extended: Template = (telling) => {
  const { facts, way, words, said } = telling;
  const { subject, happened } = words.extended[becauseOf(facts)];
  const toDo = facts.undelivered ? words.deliveryWaiting.toDo : words.move;
  const extensions: Fact | undefined =
    facts.extensions === undefined ? undefined : [words.labels.extensions, String(facts.extensions)];
  return {
    subject: subject(said),
    happened: happened(said),
    toDo: toDo[way](afterIt(telling)),
    facts: those(...rows.versions(telling), endOf(telling), extensions, rows.requests(telling)),
    notes: those(!facts.held && facts.oldEndsAtMs !== undefined && words.atEnd.planned(said)),
    stragglers: true,
  };
};

/** A rotation that holds ends nothing at its next look. */
function endOf(telling: Telling): Fact | undefined {
  const { facts, words, moments } = telling;
  return facts.held && facts.oldEndsAtMs !== undefined
    ? [words.labels.reviewed, moments.full(facts.oldEndsAtMs)]
    : rows.end(telling);
}

function becauseOf({ undelivered, held }: Parameters<Template>[0]['facts']) {
  if (undelivered) return 'undelivered';
  return held ? 'held' : 'stragglers';
}
