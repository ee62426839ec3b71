/** What does not open: a version's sealed key, or a backup of what a vault held. */
export type BrokenSeal =
  | { readonly keyId: string; readonly version: number }
  | { readonly keyId: string; readonly backup: string };

/** Tells whoever watches a deployment what smells of an attack. Never throws, and says no content. */
export interface SecurityAlarm {
  sealBroken(found: BrokenSeal): void;
  /** Whoever has a claim link says that somebody else took the key by it. */
  claimDisputed(claim: { readonly keyId: string; readonly version: number }): void;
}
