import { Argument } from 'commander';
import type { RenewalView } from '../../lambdas/functions/admin/renewal-contract.ts';
import type { AdminClient } from '../admin-client.ts';
import { badUsage, EXIT, type ExitCode } from '../exit.ts';
import { confirm, type Invocation, requireConsent } from '../invocation.ts';
import { keyId, thumbprint, words } from '../options/values.ts';
import { renewalText } from '../output/render-renewal.ts';
import type { Register } from './register.ts';

const DECISIONS = ['approve', 'reject', 'remove'] as const;
type Decision = (typeof DECISIONS)[number];

interface RenewalOptions {
  readonly reason?: string;
}

/** `keyturn renewal`: the public key that a client renews with, and the operator's word on one that is proposed. */
export const registerRenewal: Register = (program, handle) => {
  program
    .command('renewal')
    .description(
      'Show the public key that a client renews with; approve or reject a proposed one, or remove it',
    )
    .argument('<keyId>', "the key's public id", keyId)
    .addArgument(new Argument('[decision]', 'what to do; without one nothing is changed').choices(DECISIONS))
    .argument('[thumbprint]', 'with approve: as the owner of the key told it, by another way', thumbprint)
    .option('--reason <text>', 'with reject and remove: why, for the audit', words)
    .action(handle(renewal));
};

async function renewal(
  run: Invocation,
  id: string,
  decision: Decision | undefined,
  print: string | undefined,
  { reason }: RenewalOptions,
): Promise<ExitCode> {
  checkUsage(id, decision, print, reason);
  const { admin } = await run.connect();
  const view = await decide(run, admin, { id, decision, print, reason });
  run.result(view, (paint, nowMs) => renewalText(view, paint, nowMs));
  return EXIT.done;
}

function checkUsage(
  id: string,
  decision: Decision | undefined,
  print: string | undefined,
  reason: string | undefined,
): void {
  if (decision === 'approve' && print === undefined) {
    throw badUsage(
      'The thumbprint is missing.',
      `Ask the key's owner for it and write 'keyturn renewal ${id} approve <thumbprint>'.`,
    );
  }
  if (decision !== 'approve' && print !== undefined) {
    throw badUsage('A thumbprint goes with approve alone.', 'Leave it out.');
  }
  const wantsReason = decision === 'reject' || decision === 'remove';
  if (wantsReason && reason === undefined) {
    throw badUsage("Option '--reason' is missing.", 'Say why, for the audit: --reason "…".');
  }
}

interface Asked {
  readonly id: string;
  readonly decision: Decision | undefined;
  readonly print: string | undefined;
  readonly reason: string | undefined;
}

async function decide(run: Invocation, admin: AdminClient, asked: Asked): Promise<RenewalView> {
  const { id, decision, print = '', reason = '' } = asked;
  switch (decision) {
    case undefined:
      return admin.call('renewal', { keyId: id });
    case 'approve':
      await confirmReplacing(run, admin, id);
      return admin.call('approve-renewal', { keyId: id, thumbprint: print });
    case 'reject':
      return admin.call('reject-renewal', { keyId: id, reason });
    case 'remove':
      requireConsent(run);
      await confirm(run, `Let nobody renew key ${id} until another public key is approved?`);
      return admin.call('remove-renewal', { keyId: id, reason });
  }
}

/** The client that holds the former private key loses its way to new keys. */
async function confirmReplacing(run: Invocation, admin: AdminClient, id: string): Promise<void> {
  const { registered, proposal } = await admin.call('renewal', { keyId: id });
  if (!registered || !proposal) return;
  requireConsent(run);
  await confirm(
    run,
    `Replace the registered key ${registered.thumbprint}, which then renews nothing any more?`,
  );
}
