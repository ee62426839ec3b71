/** The latest signed digest of the record that was taken up to the end of a period. */
import { digestSha256, isOwnDigest, parseProofKey } from '../../lambdas/core/domain/audit-proof/digest.ts';
import type { DigestMark, Report } from '../../lambdas/core/domain/report/report.ts';
import { DAY_MS } from '../../rules/time-units.ts';
import type { AdminClient } from '../admin-client.ts';
import { CliError } from '../exit.ts';
import type { Finding } from './check-report.ts';

/** Digests are daily: where none was taken for so long, the whole list is gone through. */
const LOOKED_BACK_MS = 10 * DAY_MS;

export async function gatherDigest(admin: AdminClient, toMs: number): Promise<DigestMark | null> {
  const recent = await latestSince(admin, toMs, dayOf(toMs - LOOKED_BACK_MS));
  return recent ?? latestSince(admin, toMs, undefined);
}

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

async function latestSince(
  admin: AdminClient,
  toMs: number,
  from: string | undefined,
): Promise<DigestMark | null> {
  let after = from;
  let latest: DigestMark | null = null;
  for (;;) {
    const page = await admin.call('audit-digests', after === undefined ? {} : { after });
    const key = parseProofKey(page.publicKey);
    if (!key.ok) throw new CliError('no-public-key', key.message, key.hint);
    const own = { key: key.value, table: page.table };
    for (const { day, found } of page.digests) {
      // Whoever may write the bucket may lay there what looks like one.
      if (!isOwnDigest(found, day, own)) continue;
      if (Date.parse(found.digest.takenAt) > toMs) return latest;
      latest = {
        date: found.digest.date,
        sha256: digestSha256(found.digest),
        signature: found.signature.value,
        keyFingerprint: key.value.fingerprint,
      };
    }
    after = page.digests.at(-1)?.day;
    if (!page.more || after === undefined) return latest;
  }
}

/** Whether the record still has the digest that the report names, or has one where the report names none. */
export async function checkDigest(admin: AdminClient, { period, digest }: Report): Promise<Finding> {
  const stored = await gatherDigest(admin, Date.parse(period.to));
  const differs = JSON.stringify(stored) !== JSON.stringify(digest);
  return {
    what: 'signed digest',
    verdict: differs ? 'differs' : digest ? 'matches' : 'not-checked',
    detail: differs
      ? `The record has ${stored ? `${stored.sha256} of ${stored.date}` : 'none'}, the report ${digest ? `${digest.sha256} of ${digest.date}` : 'none'}.`
      : digest
        ? null
        : 'There is none up to the end of the period.',
  };
}
