/** The unsubscribe function's environment. */
export interface UnsubscribeEnv {
  readonly TABLE_NAME: string;
  /** Of the secret that the codes of links are made from. */
  readonly LINK_SECRET_ID: string;
}
