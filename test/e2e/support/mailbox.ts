/** What the deployed stack has sent by mail, as the local cloud keeps it. */
import { awsConfig } from './deployment.ts';

export interface SentMail {
  readonly MessageId: string;
  readonly Source: string;
  readonly To: readonly string[];
  readonly Subject: string;
  readonly BodyText: string;
  readonly BodyHtml: string;
}

/** Every mail that names this key, in the order in which they were sent. */
export const mailsAbout = async (keyId: string): Promise<readonly SentMail[]> =>
  (await allMails()).filter(({ BodyText }) => BodyText.includes(keyId));

/** Of them those that bring a claim link. */
export const linkMailsAbout = async (keyId: string): Promise<readonly SentMail[]> =>
  (await mailsAbout(keyId)).filter(({ BodyText }) => BodyText.includes(`/claim/${keyId}/`));

/** Every mail to this address, in the order in which they were sent. */
export const mailsTo = async (address: string): Promise<readonly SentMail[]> =>
  (await allMails()).filter(({ To }) => To.includes(address));

async function allMails(): Promise<readonly SentMail[]> {
  const answer = await fetch(`${awsConfig.endpoint}/_ministack/ses/messages`);
  const { messages } = (await answer.json()) as { readonly messages: Record<string, SentMail[]> };
  return Object.values(messages).flat();
}

/** The one link of a mail. */
export function linkIn({ BodyText }: SentMail): string {
  const links = BodyText.match(/^https?:\/\/\S+$/gm) ?? [];
  if (links.length !== 1 || !links[0]) throw new Error(`A mail has ${links.length} links.`);
  return links[0];
}
