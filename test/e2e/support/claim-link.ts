/** Keys that wait behind a claim link, on the deployed stack. */
import { admin } from './deployment.ts';
import { linkIn, linkMailsAbout } from './mailbox.ts';

export interface LinkedKey {
  readonly keyId: string;
  /** The link, as its owner gets it. */
  readonly link: string;
  readonly token: string;
}

/** A throw-away key whose version 1 waits. */
export async function issueLinked(owner = 'end-to-end@example.com'): Promise<LinkedKey> {
  const { keyId, ...issued } = await admin('issue', {
    owner,
    name: 'Search agent',
    environment: 'test',
    scopes: ['tools:*'],
    policy: 'drill',
    delivery: 'claim-link',
  });
  if ('link' in issued) throw new Error('The link was told to the operator.');
  const link = await lastLinkOf(keyId);
  return { keyId, link, token: link.slice(link.lastIndexOf('/') + 1) };
}

/** As its owner got it last. */
export async function lastLinkOf(keyId: string): Promise<string> {
  const mail = (await linkMailsAbout(keyId)).at(-1);
  if (!mail) throw new Error(`No mail about ${keyId} was sent.`);
  return linkIn(mail);
}

/** Presses a button of the page without a browser. */
export const press = (link: string, action: string, headers: Record<string, string> = {}) =>
  fetch(link, {
    method: 'POST',
    body: new URLSearchParams({ action }),
    headers,
    redirect: 'error',
  });

/** Whether and how its newest version has been received. */
export async function deliveryOf(keyId: string) {
  const { versions } = await admin('show', { keyId });
  return versions.at(-1)?.delivery;
}
