/** An operator has a notice sent once more that told nobody. */

import type { NoticeStatus, StoredNotice } from '../domain/notice.ts';
import { sentAgain } from '../domain/notice-steps.ts';
import type { Clock } from '../ports/ambient.ts';
import type { NoticeRef, Outbox } from '../ports/notices.ts';

export interface ResendDeps {
  readonly outbox: Pick<Outbox, 'find' | 'move' | 'parked'>;
  readonly clock: Clock;
}

export type ResendOutcome = 'resent' | 'unknown-notice' | 'sent-before' | 'on-its-way';

/** What told nobody: everything that is settled but a mail that was taken and has not come back. */
const UNTOLD: readonly NoticeStatus[] = ['parked', 'bounced', 'complained', 'withheld', 'dismissed'];

export async function resendNotice({ outbox, clock }: ResendDeps, ref: NoticeRef): Promise<ResendOutcome> {
  const stored = await outbox.find(ref);
  if (!stored) return 'unknown-notice';
  const { status } = stored.state;
  if (status === 'sent') return 'sent-before';
  if (!UNTOLD.includes(status)) return 'on-its-way';
  const outcome = await outbox.move(stored, sentAgain(stored.state, clock()));
  // Somebody else has just had it sent, or the mail service has said something of it.
  return outcome === 'moved' ? 'resent' : 'on-its-way';
}

const AT_ONCE = 100;

/** So many of those that are parked, the longest first. @returns whether there are more */
export async function resendParked(
  deps: ResendDeps,
): Promise<{ readonly resent: number; readonly more: boolean }> {
  const page = await deps.outbox.parked({ limit: AT_ONCE });
  if (page === 'bad-token') throw new Error('The outbox does not know the beginning.');
  const outcomes = await Promise.all(
    page.notices.map(({ notice }: StoredNotice) => resendNotice(deps, notice)),
  );
  return {
    resent: outcomes.filter((outcome) => outcome === 'resent').length,
    more: page.nextToken !== null,
  };
}
