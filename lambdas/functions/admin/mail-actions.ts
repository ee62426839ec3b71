/** What operators ask about the mail that goes to owners. */
import { parseFreeText } from '../../../rules/free-text.ts';
import { parseMailAddress } from '../../../rules/mail-address.ts';
import type { MailSettings } from '../../adapters/ses/ses-mailer.ts';
import { type Actor, chainEvent } from '../../core/domain/audit-event.ts';
import { iso, isoOrNull } from '../../core/domain/iso-time.ts';
import type { KeyRecord } from '../../core/domain/key-record.ts';
import { mailChain } from '../../core/domain/mail-block.ts';
import type { Clock } from '../../core/ports/ambient.ts';
import type { AuditChains } from '../../core/ports/audit-chains.ts';
import type { MailBlocks } from '../../core/ports/mail-blocks.ts';
import type { MailServiceReader } from '../../core/ports/mail-standing.ts';
import { AGAIN, untilSettled } from '../../core/use-cases/until-settled.ts';
import type { Answer } from './actions.ts';
import type { MailBlockView, UnblockInput } from './mail-contract.ts';
import { badRequest, failure, success } from './outcomes.ts';

export interface MailDesk {
  readonly blocks: MailBlocks;
  readonly chains: AuditChains;
  readonly clock: Clock;
  /** Absent: no mail is sent. */
  readonly service?: { readonly settings: MailSettings; readonly reader: MailServiceReader };
}

const LONGEST_REASON = 500;

export async function mailStatus({ service }: MailDesk): Answer<'mail-status'> {
  if (!service) return success(null);
  const { from, configurationSet } = service.settings;
  const { verifiedBy = null, dailyQuota = null, ...standing } = await service.reader.standing();
  return success({ from, configurationSet, verifiedBy, dailyQuota, ...standing });
}

/** Of two at once one lifts it; the other finds that there is nothing to lift. */
export async function unblockMail(
  { blocks, chains, clock }: MailDesk,
  input: UnblockInput,
  actor: Actor,
): Answer<'unblock-mail'> {
  const address = parseMailAddress(input.address, 'address');
  if (!address.ok) return badRequest(address);
  const reason = parseFreeText(input.reason, 'reason', LONGEST_REASON);
  if (!reason.ok) return badRequest(reason);
  const attempt = async () => {
    const atMs = clock();
    const block = await blocks.find(address.value, atMs);
    if (!block) return notBlocked(address.value);
    const chain = mailChain(address.value);
    const event = chainEvent(chain, await chains.head(chain.chain), {
      action: 'mail.unblocked',
      actor,
      atMs,
      reason: reason.value,
      detail: { address: block.address, state: block.state, since: iso(block.sinceMs) },
    });
    const outcome = await blocks.lift(block, atMs, event);
    return outcome === 'lifted' ? success({ address: address.value }) : AGAIN;
  };
  return untilSettled(
    attempt,
    (attempts) => `An address that mail comes back from changed ${attempts} times while it was being lifted.`,
  );
}

const notBlocked = (address: string) =>
  failure(
    'not-blocked',
    `Mail to '${address}' goes out: it has not come back, and was not unwanted.`,
    'See what the notices of a key came to with `keyturn notices <keyId>`.',
  );

/** Of all addresses of a key, those that mail does not reach. */
export async function mailBlocksOf(
  { blocks, clock }: Pick<MailDesk, 'blocks' | 'clock'>,
  { owner, recipients = [] }: Pick<KeyRecord, 'owner' | 'recipients'>,
): Promise<readonly MailBlockView[]> {
  const addresses = [...new Set([owner, ...recipients])];
  const found = await Promise.all(addresses.map((address) => blocks.find(address, clock())));
  return found.flatMap((block) =>
    block
      ? [
          {
            address: block.address,
            state: block.state,
            since: iso(block.sinceMs),
            why: block.why,
            until: isoOrNull(block.untilMs),
          },
        ]
      : [],
  );
}
