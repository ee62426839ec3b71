/** Puts an event on record in a chain that no key's change carries. */
import {
  type AuditEntry,
  type AuditEvent,
  type Chain,
  chainEvent,
  KEY_CHAIN_PREFIX,
} from '../domain/audit-event.ts';
import type { AuditChains } from '../ports/audit-chains.ts';
import { AGAIN, CHAIN_ATTEMPTS, untilSettled } from './until-settled.ts';

/**
 * Appends the entry to the chain as it stands, and again where another event took its place.
 *
 * Throws `WriteContention` after twelve lost races. A key's chain grows by `changeKey` alone, since the key holds its head.
 */
export async function appendEvent(
  { chains }: { readonly chains: AuditChains },
  chain: Chain,
  entry: AuditEntry,
): Promise<AuditEvent> {
  if (chain.chain.startsWith(KEY_CHAIN_PREFIX))
    throw new TypeError(`${chain.chain} grows with its key alone.`);
  const append = async () => {
    const event = chainEvent(chain, await chains.head(chain.chain), entry);
    return (await chains.append(event)) === 'appended' ? event : AGAIN;
  };
  return untilSettled(
    append,
    (attempts) => `Chain ${chain.chain} grew ${attempts} times while an event of it was being written.`,
    CHAIN_ATTEMPTS,
  );
}
