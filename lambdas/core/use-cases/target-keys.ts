/** The keys that an emergency of many keys is about, whatever their status, a page at a time. */
import { KEY_STATUSES } from '../../../rules/words.ts';
import type { RunTarget } from '../domain/emergency-run.ts';
import { StepOutOfOrder } from '../domain/errors.ts';
import type { KeyPage, KeyStore } from '../ports/key-store.ts';

export const TARGET_PAGE_KEYS = 100;

/** @param nextToken of the page before; null: the first page */
export async function targetKeys(
  store: Pick<KeyStore, 'list'>,
  target: RunTarget,
  nextToken: string | null,
): Promise<KeyPage> {
  const page = await store.list({
    ...(target.kind === 'owner' ? { owner: target.owner } : {}),
    statuses: KEY_STATUSES,
    limit: TARGET_PAGE_KEYS,
    ...(nextToken === null ? {} : { nextToken }),
  });
  if (page === 'bad-token') throw new StepOutOfOrder(`The keys of an emergency end at '${nextToken}'.`);
  return page;
}
