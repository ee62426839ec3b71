/** What does not open: a version's sealed key, or a backup of what a vault held. */
export type BrokenSeal =
  | { readonly keyId: string; readonly version: number }
  | { readonly keyId: string; readonly backup: string };

/** Tells whoever watches a deployment that somebody has tampered with it. Never throws, and says no content. */
export interface SecurityAlarm {
  sealBroken(found: BrokenSeal): void;
}
