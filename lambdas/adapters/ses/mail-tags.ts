/**
 * What a mail is of, as tags that SES keeps with it and repeats in each of its events. Values may be of 256 letters,
 * digits, `_` and `-`: ids that have others go as base64url, in as many parts as they need.
 */
import type { MessageTag } from '@aws-sdk/client-ses';
import type { MailRef } from '../../core/domain/mail-ref.ts';

/** An event's `mail.tags`: each name with its values. */
export type EventTags = Readonly<Record<string, readonly string[]>>;

const LONGEST_VALUE = 256;
const NOTICE = 'keyturn-notice-';
const ATTEMPT = 'keyturn-attempt';
const KEY = 'keyturn-key';
const VERSION = 'keyturn-version';
const LINK = 'keyturn-link';
const BETWEEN = '\n';

export function tagsOf(ref: MailRef): MessageTag[] {
  const pairs =
    ref.of === 'notice'
      ? [...noticeParts(noticeText(ref)), [ATTEMPT, String(ref.attempt)] as const]
      : [[KEY, ref.keyId] as const, [VERSION, String(ref.version)] as const, [LINK, ref.tokenHash] as const];
  return pairs.map(([Name, Value]) => ({ Name, Value }));
}

/** In the mail itself: the same for each try, so that a mail that came twice is seen to be one. Letters, digits, `._-`. */
export const refLine = (ref: MailRef): string =>
  ref.of === 'notice' ? noticeText(ref) : `${ref.keyId}.${ref.version}.${ref.tokenHash}`;

/** @returns undefined for a mail that is not of this deployment's kind */
export function refOfTags(tags: EventTags): MailRef | undefined {
  const one = (name: string): string => tags[name]?.[0] ?? '';
  const attempt = positive(one(ATTEMPT));
  if (attempt !== undefined) {
    const [partition, noticeId] = Buffer.from(joined(tags), 'base64url').toString('utf8').split(BETWEEN);
    return partition && noticeId ? { of: 'notice', notice: { partition, noticeId }, attempt } : undefined;
  }
  const version = positive(one(VERSION));
  if (version === undefined || one(KEY) === '' || one(LINK) === '') return undefined;
  return { of: 'link', keyId: one(KEY), version, tokenHash: one(LINK) };
}

const noticeText = ({ notice: { partition, noticeId } }: MailRef & { readonly of: 'notice' }): string =>
  Buffer.from(`${partition}${BETWEEN}${noticeId}`).toString('base64url');

const noticeParts = (text: string): (readonly [string, string])[] =>
  (text.match(new RegExp(`.{1,${LONGEST_VALUE}}`, 'g')) ?? []).map((part, at) => [
    `${NOTICE}${at + 1}`,
    part,
  ]);

function joined(tags: EventTags): string {
  const parts: string[] = [];
  for (let at = 1; tags[`${NOTICE}${at}`]?.[0] !== undefined; at += 1) {
    parts.push(tags[`${NOTICE}${at}`]?.[0] as string);
  }
  return parts.join('');
}

const positive = (text: string): number | undefined =>
  /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined;
