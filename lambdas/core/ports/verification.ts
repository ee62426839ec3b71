/** What the rotation machine asks an authorizer function by direct invocation. API Gateway never sends this type. */
export interface VerificationEvent {
  readonly type: 'KEYTURN_VERIFICATION';
  /** The whole key. Like every event it is never logged. */
  readonly key: string;
}

export interface VerificationAnswer {
  /** The version that the key is, whatever its status. */
  readonly recognized?: { readonly keyId: string; readonly version: number; readonly status: string };
  /** Why it is no key that this authorizer knows. */
  readonly refused?: string;
}
