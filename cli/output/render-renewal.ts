/** The public key that a client renews with, as people read it. */
import type { PublicKeyView, RenewalView } from '../../lambdas/functions/admin/renewal-contract.ts';
import type { Paint } from './paint.ts';
import { block } from './table.ts';
import { moment } from './time.ts';

const named = ({ thumbprint, curve }: PublicKeyView, paint: Paint): string =>
  `${paint.bold(thumbprint)}  ${paint.dim(curve)}`;

export function renewalText(view: RenewalView, paint: Paint, nowMs: number): string {
  const { registered, proposal } = view;
  const facts = block(
    [
      ['delivery', view.delivery],
      ['public key', registered ? named(registered, paint) : 'none is registered'],
      ['refused', view.refusedAt && `a renewal without the private key, ${moment(view.refusedAt, nowMs)}`],
    ],
    paint.dim,
  );
  const head = `Renewal of key ${paint.bold(view.keyId)}`;
  return `${head}\n\n${facts}\n${proposal ? `\n${proposalText(view.keyId, proposal, paint, nowMs)}` : ''}`;
}

/** Without a command to copy: the thumbprint that is typed must come from the key's owner, not from this screen. */
function proposalText(
  keyId: string,
  proposal: NonNullable<RenewalView['proposal']>,
  paint: Paint,
  nowMs: number,
): string {
  const facts = block(
    [
      ['thumbprint', named(proposal, paint)],
      ['proposed', `${moment(proposal.proposedAt, nowMs)}, with version ${proposal.version}`],
      ['from', `${proposal.address}  ${proposal.userAgent}`],
      ['stands until', moment(proposal.expiresAt, nowMs)],
    ],
    paint.dim,
  );
  const warning = [
    'Whoever holds the API key can propose a public key, a thief too. Ask the owner of the key for the',
    `thumbprint by another way, and type what the owner says: keyturn renewal ${keyId} approve <thumbprint>.`,
    'If the owner has proposed nothing, the API key has leaked: keyturn emergency.',
  ].join('\n');
  return `A public key is proposed\n\n${facts}\n\n${paint.warn(warning)}\n`;
}
