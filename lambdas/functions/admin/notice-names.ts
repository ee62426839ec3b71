/** How operators name a notice: by where it lies and its id there, as alerts name themselves. */
import { ALERT_PARTITIONS } from '../../core/domain/alert.ts';
import type { NoticeRef } from '../../core/ports/notices.ts';

export const noticeName = ({ partition, noticeId }: NoticeRef): string => `${partition}/${noticeId}`;

/** Beside a key or a webhook: neither id has a slash, and what follows may have some. */
const BESIDE = /^((?:KEY|WEBHOOK)#[^/]+)\/(.+)$/su;
/** Of an alert the chain that it lies with may have some, and its own id has none. */
const OF_ALERT = new RegExp(`^(${ALERT_PARTITIONS}.+)/([^/]+)$`, 'su');

/** @returns undefined of what names no notice */
export function noticeNamed(name: string): NoticeRef | undefined {
  const [, partition, noticeId] = BESIDE.exec(name) ?? OF_ALERT.exec(name) ?? [];
  return partition !== undefined && noticeId !== undefined ? { partition, noticeId } : undefined;
}

const LONGEST = 1000;

/** What may be one, of whatever was sent. */
export const isNoticeName = (name: unknown): name is string =>
  typeof name === 'string' && name !== '' && name.length <= LONGEST;
