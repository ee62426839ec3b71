/** Mails as files to look at: each as HTML, as text, and whole as a mail program opens it, and a page that lists them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Reading } from '../../lambdas/adapters/mail/reading.ts';
import { renderClaimLink } from '../../lambdas/adapters/mail/render-claim-link.ts';
import { renderNotice } from '../../lambdas/adapters/mail/render-notice.ts';
import type { Mail } from '../../lambdas/adapters/ses/mail-layout.ts';
import { type RawMail, rawMail } from '../../lambdas/adapters/ses/raw-mail.ts';
import { MAIL_KINDS, type MailKind } from '../../rules/mail-kinds.ts';
import { previewIndex } from './preview-index.ts';
import { CLAIM_LINK, sampleLinks } from './sample-links.ts';
import { sampleNotices } from './sample-notices.ts';

/** Kinds of notices, and the mail that brings a claim link. */
export const PREVIEW_KINDS = [...MAIL_KINDS, CLAIM_LINK] as const;
export type PreviewKind = MailKind | typeof CLAIM_LINK;

export interface PreviewedMail {
  readonly kind: PreviewKind;
  readonly name: string;
  readonly subject: string;
  readonly files: { readonly html: string; readonly text: string; readonly eml: string };
}

export interface Preview {
  readonly folder: string;
  /** The page that lists them. */
  readonly index: string;
  readonly mails: readonly PreviewedMail[];
}

/** As in the mails of a deployment, where it leads somewhere. */
const UNSUBSCRIBE_URL = 'https://keys.example.com/unsubscribe/example';
const FROM = 'keys@example.com';

/** @param kinds in this order */
export async function writePreview(
  folder: string,
  kinds: readonly PreviewKind[],
  reading: Reading,
  nowMs: number,
): Promise<Preview> {
  mkdirSync(folder, { recursive: true });
  const written = kinds.flatMap((kind) => mailsOf(kind, reading, nowMs));
  const mails = await Promise.all(written.map((each) => writeMail(folder, each)));
  const index = join(folder, 'index.html');
  writeFileSync(index, previewIndex(mails, reading.locale));
  return { folder: resolve(folder), index: resolve(index), mails };
}

interface Written {
  readonly kind: PreviewKind;
  readonly name: string;
  readonly to: string;
  readonly mail: Mail;
}

function mailsOf(kind: PreviewKind, reading: Reading, nowMs: number): readonly Written[] {
  if (kind === CLAIM_LINK) {
    return sampleLinks(nowMs).map(({ name, link }) => ({
      kind,
      name,
      to: link.to,
      mail: renderClaimLink(link, reading),
    }));
  }
  const settings = { ...reading, unsubscribeUrl: UNSUBSCRIBE_URL };
  return sampleNotices(kind, nowMs).map(({ name, notice }) => ({
    kind,
    name,
    to: notice.recipient,
    mail: renderNotice(notice, settings),
  }));
}

async function writeMail(folder: string, { kind, name, to, mail }: Written): Promise<PreviewedMail> {
  const raw: RawMail = { ...mail, from: FROM, to, ref: `example/${name}` };
  const files = { html: `${name}.html`, text: `${name}.txt`, eml: `${name}.eml` };
  writeFileSync(join(folder, files.html), mail.html);
  writeFileSync(join(folder, files.text), `${mail.subject}\n\n${mail.text}`);
  writeFileSync(join(folder, files.eml), await rawMail(raw));
  return { kind, name, subject: mail.subject, files };
}
