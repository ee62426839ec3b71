/** The digest function's environment. */
export interface DigestEnv {
  readonly TABLE_NAME: string;
  readonly AUDIT_BUCKET: string;
  readonly AUDIT_KEY_ID: string;
}
