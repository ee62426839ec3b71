/** Steps of notices that other changes carry, in memory. */
import { isDeepStrictEqual } from 'node:util';
import type { NoticeMove } from '../../lambdas/core/ports/notices.ts';
import { frozen } from './frozen.ts';
import { noticeName } from './memory-outbox.ts';
import type { MemoryTable } from './memory-table.ts';

/** Whether its notice stands as it was seen. */
export function stands({ notices }: MemoryTable, { stored: { notice, state } }: NoticeMove): boolean {
  const now = notices.get(noticeName(notice));
  return now !== undefined && isDeepStrictEqual(now.state, state);
}

/** Within a commit of the table. */
export function moveNotices({ notices }: MemoryTable, moves: readonly NoticeMove[]): void {
  for (const { stored, next } of moves) {
    notices.set(noticeName(stored.notice), frozen({ notice: stored.notice, state: next }));
  }
}
