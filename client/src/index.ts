/** What a client of an API behind Keyturn imports as `keyturn-client`. */
export type { Ambient } from './ambient.ts';
export {
  createKeyHolder,
  KeyHolder,
  type KeyHolderEvent,
  type KeyHolderOptions,
  KeyUnavailable,
} from './key-holder.ts';
export { type Deprecation, deprecationIn } from './key-status.ts';
export { type HeldKeys, type KeyStore, memoryStore } from './key-store.ts';
export {
  type Fetch,
  type ProposalOutcome,
  proposeSigningKey,
  type RenewalEndpoint,
  type RenewalOutcome,
  requestRenewal,
} from './protocol.ts';
export type { Pace, Try } from './renewer.ts';
export {
  type NewKeyOptions,
  newSigningKey,
  privateJwkOf,
  type SignatureAlgorithm,
  type SigningKey,
  signingKeyOf,
} from './signing-key.ts';
