/** Mails as files to look at: each as HTML, as text, and whole as a mail program opens it, and a page that lists them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type RenderSettings, renderNotice } from '../../lambdas/adapters/mail/render-notice.ts';
import { type RawMail, rawMail } from '../../lambdas/adapters/ses/raw-mail.ts';
import type { MailKind } from '../../rules/mail-kinds.ts';
import { previewIndex } from './preview-index.ts';
import { type Sample, sampleNotices } from './sample-notices.ts';

export interface PreviewedMail {
  readonly kind: MailKind;
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
  kinds: readonly MailKind[],
  settings: Omit<RenderSettings, 'unsubscribeUrl'>,
  nowMs: number,
): Promise<Preview> {
  mkdirSync(folder, { recursive: true });
  const samples = kinds.flatMap((kind) => sampleNotices(kind, nowMs));
  const mails = await Promise.all(samples.map((sample) => writeMail(folder, sample, settings)));
  const index = join(folder, 'index.html');
  writeFileSync(index, previewIndex(mails, settings.locale));
  return { folder: resolve(folder), index: resolve(index), mails };
}

async function writeMail(
  folder: string,
  { name, notice }: Sample,
  settings: RenderSettings,
): Promise<PreviewedMail> {
  const mail = renderNotice(notice, { ...settings, unsubscribeUrl: UNSUBSCRIBE_URL });
  const raw: RawMail = { ...mail, from: FROM, to: notice.recipient, ref: `example/${name}` };
  const files = { html: `${name}.html`, text: `${name}.txt`, eml: `${name}.eml` };
  writeFileSync(join(folder, files.html), mail.html);
  writeFileSync(join(folder, files.text), `${mail.subject}\n\n${mail.text}`);
  writeFileSync(join(folder, files.eml), await rawMail(raw));
  return { kind: notice.kind, name, subject: mail.subject, files };
}
