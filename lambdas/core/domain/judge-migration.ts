/** The judgement of a migration: what the measured use says, and what happens then. One pure function. */

import type { RotationTerms } from '../../../rules/policy.ts';
import type { Evidence, RotationPurpose } from '../../../rules/words.ts';
import type { UseCounts, Verdict } from './key-record.ts';

export interface MigrationFacts {
  /** Requests in the window since the last judgement. */
  readonly window: UseCounts;
  /** The new version's first use ever fell into the window; a count of it may still be on its way. */
  readonly newFirstUsedInWindow: boolean;
  /** The owner received the new version: claimed, or used. */
  readonly newReceived: boolean;
  readonly purpose: RotationPurpose;
  readonly extensions: number;
  readonly terms: RotationTerms;
}

/** Share of the window's requests that used the new version, 0 to 1; null when there were none. */
export function newShare(window: UseCounts): number | null {
  const all = window.oldRequests + window.newRequests;
  return all === 0 ? null : window.newRequests / all;
}

function evidenceOf(facts: MigrationFacts): Evidence {
  const { window, terms } = facts;
  if (window.oldRequests === 0) {
    if (window.newRequests > 0 || facts.newFirstUsedInWindow) return 'migrated';
    return facts.newReceived ? 'idle' : 'never-delivered';
  }
  return (newShare(window) as number) >= terms.migrationThreshold ? 'migrated' : 'stragglers';
}

/**
 * Whether the old version may retire before the announced end: only the new one was used since the last look. That a
 * share reached the threshold is not enough here, and neither is silence.
 */
export const mayRetireEarly = (facts: MigrationFacts): boolean =>
  facts.window.oldRequests === 0 && evidenceOf(facts) === 'migrated';

/**
 * Judges the window that just ended.
 *
 * `migrated` and `idle` retire. `stragglers` and `never-delivered` extend up to the policy's limit, then hold or, if
 * the policy says so, retire; a key is never taken from an owner who never got the new one. An emergency retires on
 * the operator's word whatever the evidence: a leaked key is never kept past its bound by an extension.
 */
export function judgeMigration(facts: MigrationFacts): Pick<Verdict, 'evidence' | 'decision'> {
  const evidence = evidenceOf(facts);
  if (facts.purpose === 'emergency' || evidence === 'migrated' || evidence === 'idle') {
    return { evidence, decision: 'retire' };
  }
  if (facts.extensions < facts.terms.maxExtensions) return { evidence, decision: 'extend' };
  const { newReceived, terms } = facts;
  const mayRetire = terms.afterMaxExtensions === 'retire' && evidence === 'stragglers' && newReceived;
  return { evidence, decision: mayRetire ? 'retire' : 'hold' };
}
