const KEY_PREFIX = 'KEY#';

/** Where a key's items lie, its notices among them. */
export const partitionOf = (keyId: string): string => `${KEY_PREFIX}${keyId}`;
export const isKeyPartition = (partition: string): boolean => partition.startsWith(KEY_PREFIX);
/** The key whose items lie there. */
export const keyIdOf = (partition: string): string => partition.slice(KEY_PREFIX.length);

/** Where troubles with the pepper lie until they are told. */
export const FAULTS_PARTITION = 'FAULTS';

/** How sort keys begin of the items that the table's stream is read for. */
export const AUDIT_PREFIX = 'AUDIT#';
export const NOTICE_PREFIX = 'NOTICE#';
/** Of the items by which the use of a retired version is heard of. */
export const RETIRED_USE_PREFIX = 'RETIRED#';
