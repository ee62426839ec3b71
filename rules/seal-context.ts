/** Names of the entries in which data keys are made under the key that seals: roles are let open what they need by them. */

/** Of a new key on its way to its owner. */
export const SEAL_CONTEXT = ['environment', 'keyId', 'version'] as const;
/** Of a backup of a vault. */
export const BACKUP_CONTEXT = ['backupId', 'keyId', 'what'] as const;
/** Of the secret that a webhook's calls are signed with. */
export const WEBHOOK_CONTEXT = ['webhookId', 'what'] as const;
