/** What a check of the audit has found. */
import type { ProofSummary } from '../../lambdas/core/domain/audit-proof/proof-tally.ts';
import type { Verification } from '../../lambdas/core/domain/audit-proof/verify-records.ts';
import type { Paint } from './paint.ts';
import { block } from './table.ts';
import { moment } from './time.ts';

/** Where the public key came from. */
export type KeySource = 'given' | 'deployment' | 'file';

/** Nobody is at their best when they read it. */
const WHAT_TO_DO =
  'What comes after it was not checked. Change nothing in the table; what to do: docs/audit.md, “When it is broken”.';

type Checked = Exclude<Verification, { readonly outcome: 'no-key' }>;

export const verificationJson = (verification: Checked, keyFrom: KeySource) => ({
  holds: verification.outcome === 'holds',
  broken: verification.outcome === 'broken' ? verification.broken : null,
  checked: verification.summary,
  key: { fingerprint: verification.fingerprint, from: keyFrom },
});

export function verificationText(
  verification: Checked,
  keyFrom: KeySource,
  paint: Paint,
  nowMs: number,
): string {
  const { fingerprint, summary } = verification;
  const isBroken = verification.outcome === 'broken';
  const verdict = isBroken
    ? `${paint.bad('The audit is broken.')} ${verification.broken.sentence}\n${WHAT_TO_DO}`
    : paint.good('The audit holds.');
  const checked = summary
    ? block([...linesOf(summary, isBroken, nowMs), ['key', fingerprint]], paint.dim)
    : paint.dim('Nothing of it could be checked.');
  return [verdict, '', checked, ...keyNote(keyFrom, fingerprint).map(paint.warn), ''].join('\n');
}

/** @param isBroken it ended at what is broken: what comes after was not counted */
function linesOf(
  summary: ProofSummary,
  isBroken: boolean,
  nowMs: number,
): readonly (readonly [string, string | null])[] {
  const { chains, events, digests, firstEventAt, lastEventAt, startsAt, lastDigest } = summary;
  const { notYetUnderDigest: open } = summary;
  const young =
    open.events === 0
      ? 'none'
      : `${count(open.events, 'event')} of ${count(open.chains, 'chain')}, the oldest ${moment(open.oldestAt ?? '', nowMs)}`;
  return [
    [
      isBroken ? 'whole before it' : 'checked',
      `${count(chains, 'chain')}, ${count(events, 'event')}, ${count(digests, 'digest')}`,
    ],
    ['events', firstEventAt && `${firstEventAt} to ${lastEventAt}`],
    [
      'starts at',
      startsAt && `the digest of ${startsAt.date}: what was before is vouched for by its signature`,
    ],
    // Where it is broken before the first digest was come to, there may be many.
    ['last digest', lastDigest ? moment(lastDigest.takenAt, nowMs) : isBroken ? null : 'none yet'],
    ['not yet under a digest', isBroken ? null : young],
  ];
}

/** Who could write a new audit could write a new key beside it. */
function keyNote(from: KeySource, fingerprint: string | null): readonly string[] {
  if (from === 'given' || fingerprint === null) return [];
  const whose =
    from === 'file' ? 'The key is the one in the file itself' : 'The key is the one that the deployment gave';
  return [
    '',
    `${whose}: compare its fingerprint with the one you know by another way, or give that key with --public-key.`,
  ];
}

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;
