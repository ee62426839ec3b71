/** The audit of a deployment as records: what a check reads, and what an export writes. */

import type { AuditRecord } from '../../lambdas/core/domain/audit-proof/audit-record.ts';
import { isSignedDigest, type SignedDigest } from '../../lambdas/core/domain/audit-proof/digest.ts';
import type { AuditDigestsPage, AuditHeadsPage } from '../../lambdas/functions/admin/audit-proof-contract.ts';
import type { Period } from '../../rules/period.ts';
import type { AdminClient } from '../admin-client.ts';
import { ChainPlaces } from './chain-places.ts';
import { liveRecords } from './live-records.ts';

type StoredDigest = AuditDigestsPage['digests'][number];

/**
 * With a period: from the last digest before it, to the first one after it or to the end of what there is. So every event
 * of the period is under digests, but for those that none has yet.
 */
export async function* deploymentRecords(
  admin: AdminClient,
  { fromMs, toMs }: Period,
  nowMs: number,
): AsyncGenerator<AuditRecord> {
  const { first, digests } = await allDigests(admin);
  yield {
    type: 'header',
    format: 1,
    table: first.table,
    // Who hides the last digests could set the deployment's clock to their time.
    exportedAt: new Date(Math.max(nowMs, Date.parse(first.now))).toISOString(),
    from: isoOrNull(fromMs),
    to: isoOrNull(toMs),
    publicKey: first.publicKey,
  };
  let records = 1;
  const places = new ChainPlaces(admin);
  const anchor = digests.findLastIndex((each) => fromMs !== undefined && takenAtMs(each) <= fromMs);
  const last = toMs === undefined ? -1 : digests.findIndex((each) => takenAtMs(each) >= toMs);
  const covered = digests.slice(Math.max(anchor, 0), last < 0 ? undefined : last + 1);
  for (const [place, each] of covered.entries()) {
    const section =
      anchor >= 0 && place === 0 ? startOf(admin, places, each) : sectionOf(admin, places, each);
    for await (const record of section) {
      yield record;
      records += 1;
    }
  }
  const live = last < 0;
  if (live) {
    const start = digests[anchor];
    for await (const record of liveRecords(admin, places, start && takenAtMs(start))) {
      yield record;
      records += 1;
    }
  }
  yield { type: 'end', records, live };
}

async function allDigests(admin: AdminClient) {
  const first = await admin.call('audit-digests', {});
  const digests: StoredDigest[] = [...first.digests];
  let page = first;
  while (page.more) {
    page = await admin.call('audit-digests', { after: digests.at(-1)?.day ?? '' });
    digests.push(...page.digests);
  }
  return { first, digests };
}

/** The digest to start from, with every head that it signs. */
async function* startOf(
  admin: AdminClient,
  places: ChainPlaces,
  stored: StoredDigest,
): AsyncGenerator<AuditRecord> {
  yield digestRecord('anchor', stored);
  for await (const head of headsOf(admin, stored.day, 'all')) {
    places.set(head.chain, head.sequence);
    yield { type: 'anchor-head', ...head };
  }
}

async function* sectionOf(
  admin: AdminClient,
  places: ChainPlaces,
  stored: StoredDigest,
): AsyncGenerator<AuditRecord> {
  const moved: { readonly chain: string; readonly upTo: number }[] = [];
  for await (const head of headsOf(admin, stored.day, 'moved')) {
    moved.push({ chain: head.chain, upTo: head.sequence });
    yield { type: 'head', ...head };
  }
  yield* places.read(moved);
  yield digestRecord('digest', stored);
}

async function* headsOf(admin: AdminClient, day: string, which: 'all' | 'moved') {
  let after = '';
  let more = true;
  while (more) {
    const asked = { day, which, ...(after === '' ? {} : { after }) };
    const page: AuditHeadsPage = await admin.call('audit-heads', asked);
    yield* page.heads;
    after = page.heads.at(-1)?.chain ?? '';
    more = page.more && after !== '';
  }
}

/** What is stored may be anything: it is for whoever checks to say so. */
function digestRecord(type: 'anchor' | 'digest', { day, found, overwritten }: StoredDigest): AuditRecord {
  const { digest, signature } = (found ?? {}) as Partial<SignedDigest>;
  const named = digest ?? { date: day };
  return { type, digest: named, signature, ...(overwritten ? { overwritten } : {}) } as AuditRecord;
}

const takenAtMs = ({ day, found }: StoredDigest): number =>
  Date.parse(isSignedDigest(found) ? found.digest.takenAt : day);

const isoOrNull = (atMs: number | undefined): string | null =>
  atMs === undefined ? null : new Date(atMs).toISOString();
