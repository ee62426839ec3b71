/** Paths of the API that brings new keys to their owners, below its address. */

/** Where a client with a registered public key renews: below it the key's id. */
export const RENEWALS_PATH = 'renewals';
/** Where the page of a claim link stands. */
export const CLAIM_PATH = 'claim';
/** Where an address leaves a kind of mail. */
export const UNSUBSCRIBE_PATH = 'unsubscribe';

/** No proof and no form that is sent there is longer. */
export const LONGEST_BODY = 8192;
