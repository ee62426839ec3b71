/** What operators ask without changing anything: nobody has to prove who asks. */
export const READ_ONLY_ACTIONS = [
  'list',
  'show',
  'rotation',
  'rotations',
  'renewal',
  'vault-status',
  'preview-sweep',
  'preview-emergency',
  'emergency-run',
  'emergency-run-keys',
  'emergency-runs',
  'pepper',
  'pepper-run',
  'audit-events',
  'audit-digests',
  'audit-heads',
  'audit-chain-events',
  'audit-chains-since',
  'audit-ends',
  'mail-status',
  'notices',
  'report-keys',
  'owner',
  'webhooks',
  'webhook',
] as const;

/** Whatever is not known to change nothing counts as a change. */
export const changesNothing = (action: unknown): boolean =>
  (READ_ONLY_ACTIONS as readonly unknown[]).includes(action);
