/** Notices of one key, the latest first. */
import { partitionOf } from '../../../rules/table-items.ts';
import type { StoredNotice } from '../domain/notice.ts';
import type { Outbox } from '../ports/notices.ts';

const AT_ONCE = 200;

/** All that are kept of it: a few for each rotation and recipient of a year. */
export async function noticesOfKey(
  outbox: Pick<Outbox, 'list'>,
  keyId: string,
): Promise<readonly StoredNotice[]> {
  const all: StoredNotice[] = [];
  let nextToken: string | null = null;
  do {
    const place: { readonly nextToken?: string } = nextToken === null ? {} : { nextToken };
    const page = await outbox.list({ partition: partitionOf(keyId), limit: AT_ONCE, ...place });
    if (page === 'bad-token') throw new Error('The outbox does not know its own token.');
    all.push(...page.notices);
    nextToken = page.nextToken;
  } while (nextToken !== null);
  return all.sort(latestFirst);
}

const latestFirst = ({ notice: one }: StoredNotice, { notice: other }: StoredNotice): number =>
  other.madeAtMs - one.madeAtMs || (one.noticeId < other.noticeId ? -1 : 1);
