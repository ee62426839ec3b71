/** Names of the secrets in which clients find their keys. */

/** Of every such secret, and of no other: roles name them by it. */
export const SECRET_PREFIX = 'keyturn/';

export const secretNameOf = (keyId: string): string => `${SECRET_PREFIX}${keyId}`;
