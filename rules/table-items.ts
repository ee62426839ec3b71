/** How sort keys begin of the items that the table's stream is read for. */
export const AUDIT_PREFIX = 'AUDIT#';
export const NOTICE_PREFIX = 'NOTICE#';
/** Of the items by which the use of a retired version is heard of. */
export const RETIRED_USE_PREFIX = 'RETIRED#';
