/** A notice as the mail that its recipient reads. */
import { addressKey } from '../../../rules/mail-address.ts';
import { isLeavable } from '../../../rules/mail-kinds.ts';
import type { KeyMailNotice, MailNotice } from '../../core/domain/notice.ts';
import { type Mail, mailOf } from '../ses/mail-layout.ts';
import type { Moments } from './moments.ts';
import {
  LONGEST_ADDRESS,
  LONGEST_IN_SENTENCE,
  LONGEST_NAME,
  ownFooter,
  type Reading,
  readingOf,
} from './reading.ts';
import { renderWebhookDisabled } from './render-webhook-disabled.ts';
import { stragglersIn } from './stragglers.ts';
import { TEMPLATES } from './templates.ts';
import { plainly, theirs } from './theirs.ts';
import type { Fact, Telling } from './told.ts';
import type { Said, Way, Words } from './words.ts';

export interface RenderSettings extends Reading {
  /** Shown where the mail's kind may be left; absent: no line about it. */
  readonly unsubscribeUrl?: string;
}

export const renderNotice = (notice: MailNotice, settings: RenderSettings): Mail =>
  notice.kind === 'webhook-disabled'
    ? renderWebhookDisabled(notice, settings)
    : renderKeyNotice(notice, settings);

function renderKeyNotice(notice: KeyMailNotice, settings: RenderSettings): Mail {
  const { language, dates, words, moments } = readingOf(settings);
  const { facts } = notice;
  const { format: count } = new Intl.NumberFormat(dates);
  const said = saidOf(notice, words, moments);
  const telling: Telling = { facts, way: wayTo(notice), words, moments, count, said };
  const told = TEMPLATES[notice.kind](telling);
  const table = told.stragglers ? stragglersIn(telling) : undefined;
  return mailOf({
    language,
    subject: told.subject,
    lead: [told.happened, told.toDo],
    ...(told.urgent ? { urgent: true } : {}),
    facts: [
      [words.labels.key, theirs(facts.keyName, LONGEST_NAME, words.quotes)],
      ...told.facts,
      ...about(notice, words),
    ],
    ...(table ? { table } : {}),
    notes: told.notes,
    ...footerOf(notice, settings, words),
  });
}

const wayTo = ({ facts: { delivery }, recipient, owner = recipient }: KeyMailNotice): Way =>
  delivery === 'claim-link' && addressKey(owner) !== addressKey(recipient) ? 'link-to-owner' : delivery;

function saidOf({ facts }: KeyMailNotice, words: Words, moments: Moments): Said {
  // What is refused already waits for no date: it is to be done now.
  const endMs = facts.oldRefused ? undefined : facts.oldEndsAtMs;
  const numbered = (version: number | undefined) => (version === undefined ? '' : words.version(version));
  const isOther = facts.oldVersion !== facts.version;
  return {
    name: theirs(facts.keyName, LONGEST_IN_SENTENCE, words.quotes),
    fresh: numbered(facts.version),
    old: isOther ? numbered(facts.oldVersion) : '',
    ...words.clauses(endMs === undefined ? undefined : moments.full(endMs)),
    brief: words.clauses(endMs === undefined ? undefined : moments.brief(endMs)),
  };
}

const about = ({ facts, keyId, owner }: KeyMailNotice, { labels, environments }: Words): readonly Fact[] => [
  ...(keyId === undefined ? [] : [[labels.keyId, keyId] as const]),
  ...(owner === undefined ? [] : [[labels.owner, plainly(owner, LONGEST_ADDRESS)] as const]),
  [labels.environment, environments[facts.environment]],
];

function footerOf({ kind, facts, ...ids }: KeyMailNotice, settings: RenderSettings, words: Words) {
  const { unsubscribeUrl } = settings;
  const { why, leave, leaveLink } = words.footer;
  return {
    footer: [...ownFooter(settings, { ...ids, keyName: facts.keyName }, words), why, words.neverHere],
    ...(unsubscribeUrl !== undefined && isLeavable(kind)
      ? { leave: { question: leave[kind], label: leaveLink, url: unsubscribeUrl } }
      : {}),
  };
}
