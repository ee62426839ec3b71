/** Tells whoever watches a deployment that somebody has tampered with it. Never throws, and says no content. */
export interface SecurityAlarm {
  sealBroken(found: { readonly keyId: string; readonly version: number }): void;
}
