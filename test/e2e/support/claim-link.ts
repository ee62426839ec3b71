/** Keys that wait behind a claim link, on the deployed stack. */
import { admin } from './deployment.ts';

export interface LinkedKey {
  readonly keyId: string;
  /** The link, as its owner gets it. */
  readonly link: string;
  readonly token: string;
}

/** A throw-away key whose version 1 waits. No mail is sent here, so that the operator is told the link. */
export async function issueLinked(): Promise<LinkedKey> {
  const { keyId, link, ...issued } = await admin('issue', {
    owner: 'end-to-end@example.com',
    name: 'Search agent',
    environment: 'test',
    scopes: ['tools:*'],
    policy: 'drill',
    delivery: 'claim-link',
  });
  if (link === undefined) throw new Error(`No link was told: ${JSON.stringify(issued)}`);
  return { keyId, link, token: link.slice(link.lastIndexOf('/') + 1) };
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
