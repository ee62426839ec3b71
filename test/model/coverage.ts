/** What a long enough run must have met: what never happened has not been tried. */
import { AUDIT_ACTIONS } from '../../lambdas/core/domain/audit-event.ts';
import { COMMANDS } from './generators.ts';
import type { Tally } from './tally.ts';

const ANSWERS = ['allowed', 'allowed, kept by API Gateway', 'disabled', 'expired', 'retired', 'revoked'];
const CRASHES = [
  'it dies after its first write',
  'it dies before its first write',
  'its first write fails although it is made',
  'its first write fails and is not made',
];
const RUNS = [
  'plan answers rotate',
  'advance answers wait',
  'report answers done',
  'report answers incomplete',
];
const PEPPERS = ['add answers wait', 'make-current answers wait', 'count answers drop', 'drop answers done'];
const RACES = ['a write comes too late', 'commands at the same time'];

const LINKS = ['claimed', 'disabled', 'expired', 'taken', 'withdrawn', 'wrong'];

/** Each has tests of its own: what operators ask the admin function, policies, backups, public keys and proofs, tampering, the pepper as Secrets Manager rotates it, webhooks. */
const NOT_PLAYED: readonly string[] = [
  'key.backed-up',
  'rotation.requested',
  'version.restored',
  'renewal.proposed',
  'renewal.approved',
  'renewal.rejected',
  'renewal.removed',
  'renewal.refused',
  'security.seal-broken',
  'security.claim-disputed',
  'policy.added',
  'policy.changed',
  'policy.removed',
  'pepper.requested',
  'pepper.copying',
  'pepper.copied',
  'pepper.failed',
  'pepper.fault',
  'pepper.fault-counted',
  'audit.chain-broken',
  'webhook.added',
  'webhook.enabled',
  'webhook.disabled',
  'webhook.removed',
  'webhook.secret-rotated',
  'webhook.tested',
];

const EVERYTHING: readonly string[] = [
  ...COMMANDS.map((each) => `command: ${each}`),
  ...AUDIT_ACTIONS.filter((each) => !NOT_PLAYED.includes(each)).map((each) => `change: ${each}`),
  ...LINKS.map((each) => `link: ${each}`),
  ...ANSWERS.map((each) => `answer: ${each}`),
  ...CRASHES.map((each) => `crash: ${each}`),
  ...RUNS.map((each) => `run: ${each}`),
  ...PEPPERS.map((each) => `pepper: ${each}`),
  ...RACES.map((each) => `race: ${each}`),
];

/** @returns what was never met */
export const missedBy = (tally: Tally): readonly string[] =>
  EVERYTHING.filter((what) => tally.of(what) === 0);
