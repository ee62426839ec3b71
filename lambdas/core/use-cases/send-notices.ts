/** Sends many notices in a bounded time, several at once, and fewer where there are too many for the receiver. */
import type { NoticeRef, Outbox } from '../ports/notices.ts';
import { type SendDeps, type Sent, sendNotice } from './send-notice.ts';

export interface SendManyDeps extends SendDeps {
  readonly sleep: (milliseconds: number) => Promise<void>;
}

export interface SendReport {
  readonly sent: number;
  /** Tried, and to be tried again. */
  readonly later: number;
  readonly parked: number;
  readonly withheld: number;
  /** Those that the outbox failed with. */
  readonly failed: readonly NoticeRef[];
  /** Not got to in the time there was, or for being too many: they stay due. */
  readonly left: number;
}

const MOST_AT_ONCE = 8;
const PAUSE_MS = 1_000;
/** Of waves of which each had one at least that was too many. */
const MOST_THROTTLED = 3;
/** So many are looked for at once. */
const BATCH = 200;

/** @param endsAtMs no wave begins after this */
export async function sendNotices(
  deps: SendManyDeps,
  refs: readonly NoticeRef[],
  endsAtMs: number,
): Promise<SendReport> {
  const results: Sent['result'][] = [];
  const failed: NoticeRef[] = [];
  let [next, atOnce, throttledWaves] = [0, MOST_AT_ONCE, 0];
  while (next < refs.length && throttledWaves < MOST_THROTTLED && deps.clock() < endsAtMs) {
    const wave = refs.slice(next, next + atOnce);
    next += wave.length;
    const sent = await Promise.all(wave.map((ref) => attempt(deps, ref, failed)));
    results.push(...sent.map(({ result }) => result));
    const isThrottled = sent.some(({ throttled }) => throttled);
    throttledWaves = isThrottled ? throttledWaves + 1 : 0;
    atOnce = isThrottled ? Math.ceil(atOnce / 2) : Math.min(atOnce + 1, MOST_AT_ONCE);
    if (isThrottled && next < refs.length) await deps.sleep(PAUSE_MS);
  }
  const count = (wanted: Sent['result']) => results.filter((result) => result === wanted).length;
  return {
    sent: count('sent'),
    later: count('later'),
    parked: count('parked'),
    withheld: count('withheld'),
    failed,
    left: refs.length - next,
  };
}

/** One that cannot be read or written keeps no other from being sent. */
async function attempt(deps: SendDeps, ref: NoticeRef, failed: NoticeRef[]): Promise<Sent> {
  try {
    return await sendNotice(deps, ref);
  } catch (error) {
    deps.onFailure(ref, error);
    failed.push(ref);
    return { result: 'nothing' };
  }
}

/** All that are due, the longest first: what a stream has not shown, retries, and what dead senders have left. */
export async function sendDueNotices(
  deps: SendManyDeps & { readonly outbox: Pick<Outbox, 'find' | 'move' | 'due'> },
  endsAtMs: number,
): Promise<SendReport> {
  let total: SendReport = { sent: 0, later: 0, parked: 0, withheld: 0, failed: [], left: 0 };
  const seen = new Set<string>();
  while (deps.clock() < endsAtMs && total.left === 0) {
    // The index may show for a while what was sent a moment ago.
    const found = await deps.outbox.due(deps.clock(), seen.size + BATCH);
    const fresh = found.filter((ref) => !seen.has(nameOf(ref)));
    if (fresh.length === 0) break;
    for (const ref of fresh) seen.add(nameOf(ref));
    total = sum(total, await sendNotices(deps, fresh, endsAtMs));
  }
  return total;
}

const nameOf = ({ partition, noticeId }: NoticeRef): string => `${partition}/${noticeId}`;

const sum = (one: SendReport, other: SendReport): SendReport => ({
  sent: one.sent + other.sent,
  later: one.later + other.later,
  parked: one.parked + other.parked,
  withheld: one.withheld + other.withheld,
  failed: [...one.failed, ...other.failed],
  left: one.left + other.left,
});
