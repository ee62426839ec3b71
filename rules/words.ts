/** The closed sets of words that the whole system shares. */

export const ENVIRONMENTS = ['live', 'test'] as const;
/** Where a key may be used: real traffic or trials. */
export type Environment = (typeof ENVIRONMENTS)[number];

export const PURPOSES = ['scheduled', 'manual', 'emergency'] as const;
/** Why a rotation was started. */
export type RotationPurpose = (typeof PURPOSES)[number];

export const DELIVERIES = ['operator', 'claim-link', 'secrets-manager', 'vault', 'renewal-key'] as const;
/** How the owner receives a new key. */
export type Delivery = (typeof DELIVERIES)[number];

/**
 * How it is known that a version reached its owner: printed as it was issued, taken by an operator, taken by a link,
 * written to where its client reads it, or fetched by the holder of a registered key.
 */
export type ReceivedBy = 'issue' | 'claim' | 'link' | 'placed' | 'renewal';

export const TOOL_SCOPES_MODES = ['gateway', 'backend', 'off'] as const;
/** Who judges `tools:` scopes: the authorizer from headers, the backend from the body, or nobody (no MCP server). */
export type ToolScopesMode = (typeof TOOL_SCOPES_MODES)[number];

/** Life of one secret of a key: `pending` → `active` → `deprecating` → `retired`. */
export type VersionStatus = 'pending' | 'active' | 'deprecating' | 'retired';

export const KEY_STATUSES = ['enabled', 'disabled', 'revoked'] as const;
/** Life of the key itself: only `disabled` can go back to `enabled`. */
export type KeyStatus = (typeof KEY_STATUSES)[number];

export const ROTATION_GROUPS = ['running', 'completed', 'failed', 'rolled-back'] as const;
/** Rotations as they are looked for: `running` until one of the others. */
export type RotationGroup = (typeof ROTATION_GROUPS)[number];

/** Where a rotation stands; the last three are final. */
export type RotationStatus = 'starting' | 'verifying' | 'dual-key' | 'completed' | 'rolled-back' | 'failed';

/** What the measured use says about a migration. */
export type Evidence = 'migrated' | 'stragglers' | 'idle' | 'never-delivered';
