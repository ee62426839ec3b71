/** Notices for tests of their mails, and what a mail program shows of HTML. */
import { sampleKeyNotices, sampleNotices } from '../../../cli/notices/sample-notices.ts';
import { type RenderSettings, renderNotice } from '../../../lambdas/adapters/mail/render-notice.ts';
import type { KeyMailNotice, MailFacts, MailNotice } from '../../../lambdas/core/domain/notice.ts';
import { type KeyMailKind, MAIL_KINDS } from '../../../rules/mail-kinds.ts';

export const NOW_MS = Date.parse('2026-11-23T14:00:30Z');
export const UNSUBSCRIBE_URL = 'https://keys.example.com/keys/unsubscribe/a/b?lang=de&x=1';
export const SAMPLES = MAIL_KINDS.flatMap((kind) => sampleNotices(kind, NOW_MS));

/** Those about keys. */
export const KEY_MAIL_KINDS = MAIL_KINDS.filter((kind): kind is KeyMailKind => kind !== 'webhook-disabled');

/** The plain case of a kind, with changes. */
export function noticeOf(kind: KeyMailKind, changes: Partial<MailFacts> = {}): KeyMailNotice {
  const [sample] = sampleKeyNotices(kind, NOW_MS);
  const notice = (sample as NonNullable<typeof sample>).notice;
  return { ...notice, facts: { ...notice.facts, ...changes } };
}

export const mailOf = (notice: MailNotice, settings: Partial<RenderSettings> = {}) =>
  renderNotice(notice, {
    locale: 'en',
    timeZone: 'UTC',
    unsubscribeUrl: UNSUBSCRIBE_URL,
    ...settings,
  });

export const leadOf = (text: string): readonly [string, string] => {
  const [happened = '', toDo = ''] = text.split('\n');
  return [happened, toDo];
};

/** What a mail program shows of HTML. */
export const shownOf = (html: string): string =>
  html
    .replace(/<style>.*?<\/style>/s, '')
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ');
