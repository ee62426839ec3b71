/** Puts an event on record in a chain that no key's change carries. */
import {
  type AuditEntry,
  type AuditEvent,
  type Chain,
  chainEvent,
  KEY_CHAIN_PREFIX,
} from '../domain/audit-event.ts';
import { WriteContention } from '../domain/errors.ts';
import type { AuditChains } from '../ports/audit-chains.ts';

const ATTEMPTS = 12;

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
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const event = chainEvent(chain, await chains.head(chain.chain), entry);
    if ((await chains.append(event)) === 'appended') return event;
  }
  throw new WriteContention(
    `Chain ${chain.chain} grew ${ATTEMPTS} times while an event of it was being written.`,
  );
}
