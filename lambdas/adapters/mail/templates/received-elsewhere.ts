import * as rows from '../rows.ts';
import { unlinked } from '../theirs.ts';
import { type Fact, type Telling, type Template, those } from '../told.ts';

const LONGEST_USER_AGENT = 120;

/** The key was received in a way or at a place that its owner must know of. */
export const receivedElsewhere: Template = (telling) => {
  const { facts, words, moments } = telling;
  const said = { ...telling.said, ...words.clauses(moments.full(facts.atMs)) };
  return {
    subject: words.receivedElsewhere.subject(said),
    happened: words.receivedElsewhere.happened(said),
    toDo: words.receivedElsewhere.toDo(said),
    urgent: true,
    facts: those(
      ...rows.versions(telling, 'oldVersion', 'version'),
      rows.when(telling),
      ...howReceived(telling),
    ),
    notes: [words.receivedElsewhere.howFast(said)],
  };
};

function howReceived({ facts, words }: Telling): readonly (Fact | undefined)[] {
  const { receivedBy, receivedFrom = {} } = facts;
  const { address, userAgent } = receivedFrom;
  const { labels, quotes } = words;
  const way = receivedBy && words.received[receivedBy];
  return [
    way === undefined ? undefined : [labels.receivedBy, way],
    address === undefined ? undefined : [labels.receivedFrom, rows.addressOf(address, words)],
    userAgent === undefined ? undefined : [labels.userAgent, unlinked(userAgent, LONGEST_USER_AGENT, quotes)],
  ];
}
