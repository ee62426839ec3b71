/** Made-up mails with claim links for the preview: every case whose words differ. */
import { Plaintext } from '../../lambdas/core/domain/plaintext.ts';
import type { ClaimLink } from '../../lambdas/core/ports/key-place.ts';
import { HOUR_MS } from '../../rules/time-units.ts';

export interface LinkSample {
  /** `claim-link-refused`: names its files. */
  readonly name: string;
  readonly link: ClaimLink;
}

/** Beside the kinds of notices: the mail that brings a claim link. */
export const CLAIM_LINK = 'claim-link';

/** @param nowMs when the example is supposed to happen */
export function sampleLinks(nowMs: number): readonly LinkSample[] {
  const ends = { state: 'ends', atMs: nowMs + 72 * HOUR_MS } as const;
  const cases: Readonly<Record<string, Partial<ClaimLink>>> = {
    first: { version: 1 },
    'first-again': { version: 1, again: true },
    '': { previous: ends },
    again: { previous: ends, again: true },
    'refused-at': { previous: { state: 'refused-at', atMs: nowMs + HOUR_MS } },
    refused: { previous: { state: 'refused' } },
  };
  return Object.entries(cases).map(([name, changes]) => ({
    name: [CLAIM_LINK, name].filter(Boolean).join('-'),
    link: { ...common(nowMs), ...changes },
  }));
}

const common = (nowMs: number): ClaimLink => ({
  to: 'team@example.com',
  keyId: 'FF05xY0L9hQm',
  keyName: 'Search agent',
  environment: 'live',
  version: 3,
  url: new Plaintext('https://keys.example.com/claim/FF05xY0L9hQm/example'),
  tokenHash: 'example',
  expiresAtMs: nowMs + 168 * HOUR_MS,
  again: false,
});
