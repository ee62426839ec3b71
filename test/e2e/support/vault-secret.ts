/** Name of the secret with the vault's credentials: deployed with, and made by the test that starts the vault. */
export const VAULT_CREDENTIALS = 'keyturn-vault';
