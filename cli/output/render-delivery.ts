/** How a new key goes to its owner, as people read it. */
import type { DeliveredVersion, DeliveryView } from '../../lambdas/functions/admin/contract.ts';
import type { Delivery } from '../../rules/words.ts';
import type { Paint } from './paint.ts';
import { block } from './table.ts';
import { moment } from './time.ts';

const RECEIVED: Readonly<Record<NonNullable<DeliveryView['receivedBy']>, string>> = {
  issue: 'printed when it was issued',
  claim: 'claimed',
  link: 'taken by its link',
  placed: 'written to where its client reads it',
  renewal: 'fetched by the holder of the registered key',
  'first-use': 'used for the first time',
};

/** `claimed 2 min ago`, `offered by claim-link 3 d ago`, or what went wrong; null when there is nothing to say. */
export function deliveryText(delivery: DeliveryView, paint: Paint, nowMs: number): string | null {
  const { by, offeredAt, linkExpiresAt, failure, receivedAt, receivedBy } = delivery;
  if (receivedAt && receivedBy) return `${RECEIVED[receivedBy]}, ${moment(receivedAt, nowMs)}`;
  if (failure) return paint.bad(`not delivered by ${by}: ${failure}`);
  if (!offeredAt) return null;
  const until = linkExpiresAt === null ? '' : `; its link works until ${moment(linkExpiresAt, nowMs)}`;
  return paint.warn(`offered by ${by}, ${moment(offeredAt, nowMs)}${until}`);
}

/** The link stands alone on its line, so that a triple click takes it and nothing else. */
export const linkBlock = (link: string, paint: Paint): string =>
  `${paint.warn('The link, shown this once and never again. It gives the key once, to whoever opens it first:')}\n\n${link}\n`;

/** That nothing more is to be done here; where no mail is sent the link is shown instead. */
export const mailedText = (owner: string): string =>
  `A mail with a link went to ${owner}. The link gives the key once.`;

/** Of a rotation whose new key is not for whoever ran the command. */
export function elsewhereText(keyId: string, version: number | null, way: Delivery | undefined): string {
  const how = `keyturn show ${keyId}`;
  return way === undefined || way === 'operator'
    ? `Version ${version} brought no key to take here: it was handed out before, or goes another way. See ${how}`
    : `The key of version ${version} goes to its owner by ${way}. Whether it has arrived: ${how}`;
}

export function deliveredVersion(delivered: DeliveredVersion, paint: Paint, nowMs: number): string {
  const head = `Key ${paint.bold(delivered.keyId)}, version ${delivered.version}`;
  const facts = block([['delivery', deliveryText(delivered, paint, nowMs)]], paint.dim);
  const more = delivered.link ? linkBlock(delivered.link, paint) : nextText(delivered);
  return `${head}\n${facts}\n${more ? `\n${more}` : ''}`;
}

/** What follows from an offer, for whoever made it; undefined when nothing does. */
function nextText({ keyId, by, offeredAt, receivedAt }: DeliveredVersion): string | undefined {
  if (!offeredAt || receivedAt) return undefined;
  if (by === 'claim-link') return `${mailedText("the key's owner")}\n`;
  return by === 'operator' ? `Take it, once: keyturn claim ${keyId}\n` : undefined;
}
