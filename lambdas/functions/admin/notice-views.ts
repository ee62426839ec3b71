/** Notices as operators see them. */
import { isoOrNull } from '../../core/domain/iso-time.ts';
import type { NoticeStatus, StoredNotice } from '../../core/domain/notice.ts';
import { noticeName } from './notice-names.ts';
import type { NoticesSummary, NoticeView } from './notices-contract.ts';

export const noticeView = ({ notice, state }: StoredNotice): NoticeView => ({
  noticeId: noticeName(notice),
  keyId: notice.keyId ?? null,
  owner: notice.owner ?? null,
  rotationId: notice.rotationId ?? null,
  channel: notice.channel,
  kind: notice.kind,
  recipient: notice.recipient,
  status: state.status,
  madeAt: new Date(notice.madeAtMs).toISOString(),
  attempts: state.attempts,
  nextTryAt: isoOrNull(state.dueAtMs),
  sentAt: isoOrNull(state.sentAtMs),
  settledAt: isoOrNull(state.settledAtMs),
  receipt: state.receipt ?? null,
  why: state.why ?? null,
  dismissedBy: state.dismissedBy ?? null,
  dismissedFor: state.dismissedFor ?? null,
});

/** @param notices the latest first */
export function summaryOfNotices(notices: readonly StoredNotice[]): NoticesSummary {
  const [last] = notices;
  const count = (...statuses: readonly NoticeStatus[]) =>
    notices.filter(({ state }) => statuses.includes(state.status)).length;
  return {
    last: last ? noticeView(last) : null,
    sent: count('sent'),
    waiting: count('waiting', 'sending'),
    parked: count('parked'),
    bounced: count('bounced', 'complained'),
  };
}
