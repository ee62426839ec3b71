/** A mail as it goes over the wire: MIME with the same words in text and in HTML, and the headers of what is sent by itself. */
import MailComposer from 'nodemailer/lib/mail-composer';
import type { Mail } from './mail-layout.ts';

export interface RawMail extends Mail {
  readonly from: string;
  readonly to: string;
  readonly replyTo?: string;
  /** What the mail is of, on one line of ASCII. */
  readonly ref: string;
  /** Where one click ends such mail (RFC 8058): an https address that takes a POST. */
  readonly unsubscribeUrl?: string;
}

const LONGEST_SUBJECT = 250;

/**
 * Header values are the composer's to encode and fold. It reads no file and fetches nothing, whatever a text says.
 *
 * @returns CRLF lines, pure ASCII
 */
export function rawMail({ from, to, replyTo, ref, unsubscribeUrl, ...mail }: RawMail): Promise<Buffer> {
  return new MailComposer({
    from: { name: '', address: from },
    to: { name: '', address: to },
    ...(replyTo === undefined ? {} : { replyTo: { name: '', address: replyTo } }),
    subject: oneLine(mail.subject),
    text: mail.text,
    html: mail.html,
    encoding: 'utf-8',
    textEncoding: 'quoted-printable',
    newline: 'windows',
    disableFileAccess: true,
    disableUrlAccess: true,
    headers: {
      // Out-of-office replies and the like answer nothing that says this (RFC 3834).
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      // SES gives each mail a Message-ID of its own: by this one that came twice is seen to be one.
      'X-Keyturn-Notice': ref,
      ...(unsubscribeUrl === undefined ? {} : unsubscribing(unsubscribeUrl)),
    },
  })
    .compile()
    .build();
}

/** Control characters of a name in it would end the header's line. */
const oneLine = (subject: string): string =>
  Array.from(subject.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim())
    .slice(0, LONGEST_SUBJECT)
    .join('');

function unsubscribing(url: string): Record<string, { prepared: true; value: string }> {
  const { href, protocol } = new URL(url);
  if (protocol !== 'https:') return {};
  return {
    'List-Unsubscribe': { prepared: true, value: `<${href}>` },
    'List-Unsubscribe-Post': { prepared: true, value: 'List-Unsubscribe=One-Click' },
  };
}
