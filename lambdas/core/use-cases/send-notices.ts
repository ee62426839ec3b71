/** Sends many notices in a bounded time: side by side what goes to different receivers. */
import { MOST_IN_ALL } from '../../../rules/sending-limits.ts';
import { NOTICE_CHANNELS, type NoticeChannel } from '../domain/notice.ts';
import type { NoticeRef, Outbox } from '../ports/notices.ts';
import { laneOf, type SendManyDeps, type SendReport, sendLane, sumOf } from './send-lane.ts';

const MOST_AT_ONCE = 8;
/** Of each lane, however many there are: a deployment may have more webhooks than are called at once else. */
const FEWEST_AT_ONCE = 1;
/** So many are looked for at once. */
const BATCH = 200;

/**
 * @param endsAtMs nothing is begun after this
 * @param stopped lanes that take no more in this run; what stops here joins them
 */
export async function sendNotices(
  deps: SendManyDeps,
  refs: readonly NoticeRef[],
  endsAtMs: number,
  stopped: Set<string> = new Set(),
): Promise<SendReport> {
  const lanes = new Map<string, NoticeRef[]>();
  for (const ref of refs) lanes.set(laneOf(ref), [...(lanes.get(laneOf(ref)) ?? []), ref]);
  const share = Math.floor(MOST_IN_ALL / Math.max(1, lanes.size));
  const mostAtOnce = Math.min(MOST_AT_ONCE, Math.max(FEWEST_AT_ONCE, share));
  const reports = await Promise.all(
    [...lanes].map(async ([lane, ofLane]) => {
      if (stopped.has(lane)) return { ...sumOf([]), left: ofLane.length };
      const { report, isStopped } = await sendLane(deps, ofLane, { mostAtOnce, endsAtMs });
      if (isStopped) stopped.add(lane);
      return report;
    }),
  );
  return sumOf(reports);
}

type DueDeps = SendManyDeps & { readonly outbox: Pick<Outbox, 'find' | 'move' | 'due'> };

/** All that are due, the longest first: what a stream has not shown, retries, and what dead senders have left. */
export const sendDueNotices = async (deps: DueDeps, endsAtMs: number): Promise<SendReport> =>
  sumOf(await Promise.all(NOTICE_CHANNELS.map((channel) => sendDueOf(deps, channel, endsAtMs))));

async function sendDueOf(deps: DueDeps, channel: NoticeChannel, endsAtMs: number): Promise<SendReport> {
  const reports: SendReport[] = [];
  const seen = new Set<string>();
  const stopped = new Set<string>();
  // Behind what one webhook does not take lies what another may.
  while (deps.clock() < endsAtMs && !stopped.has(channel)) {
    // The index may show for a while what was sent a moment ago.
    const found = await deps.outbox.due(channel, deps.clock(), seen.size + BATCH);
    const fresh = found.filter((ref) => !seen.has(nameOf(ref)));
    if (fresh.length === 0) break;
    for (const ref of fresh) seen.add(nameOf(ref));
    reports.push(await sendNotices(deps, fresh, endsAtMs, stopped));
  }
  return sumOf(reports);
}

const nameOf = ({ partition, noticeId }: NoticeRef): string => `${partition}/${noticeId}`;
