/** Sends many notices in a bounded time: side by side what goes to different receivers. */
import { URGENT_KINDS } from '../../../rules/mail-kinds.ts';
import { MOST_IN_ALL } from '../../../rules/sending-limits.ts';
import { NOTICE_CHANNELS, type NoticeChannel } from '../domain/notice.ts';
import type { NoticeRef, Outbox } from '../ports/notices.ts';
import { laneOf, type SendManyDeps, type SendReport, sendLane, sumOf } from './send-lane.ts';

const MOST_AT_ONCE = 8;
/** Of each lane, however many there are: a deployment may have more webhooks than are called at once else. */
const FEWEST_AT_ONCE = 1;
/** So many are looked for at once: from an index of keys alone, whose answers end at a megabyte. */
const PAGE = 500;
/** Of a channel in one run: some more than all that an emergency of every key has to tell. */
const MOST_LOOKED_FOR = 100_000;

/** Of what the stream shows at once nothing is begun after this. */
const LONGEST_SHOWN_MS = 15_000;

/** @param endsAtMs nothing is begun after this */
export async function sendNotices(
  deps: SendManyDeps,
  refs: readonly NoticeRef[],
  endsAtMs: number,
): Promise<SendReport> {
  const lanes = lanesOf(refs);
  const share = Math.floor(MOST_IN_ALL / Math.max(1, lanes.length));
  const mostAtOnce = Math.min(MOST_AT_ONCE, Math.max(FEWEST_AT_ONCE, share));
  return sumOf(await Promise.all(lanes.map((ofLane) => sendLane(deps, ofLane, { mostAtOnce, endsAtMs }))));
}

function lanesOf(refs: readonly NoticeRef[]): readonly (readonly NoticeRef[])[] {
  const lanes = new Map<string, NoticeRef[]>();
  for (const ref of refs) {
    const lane = lanes.get(laneOf(ref));
    if (lane) lane.push(ref);
    else lanes.set(laneOf(ref), [ref]);
  }
  return [...lanes.values()].map(urgentFirst);
}

/** By their ids, which name the kind: ten thousand reminders hold up no word of an emergency. */
const urgentFirst = (refs: readonly NoticeRef[]): readonly NoticeRef[] => [
  ...refs.filter(isUrgent),
  ...refs.filter((ref) => !isUrgent(ref)),
];

const isUrgent = ({ noticeId }: NoticeRef): boolean =>
  (URGENT_KINDS as readonly unknown[]).includes(noticeId.split('#')[1]);

/**
 * What the stream has just shown. It shows no more before this has ended: what goes to a receiver that was slow a moment
 * ago is left for the look of the next minute, so that it holds up nothing that comes behind it, an alert say.
 */
export async function sendShownNotices(
  deps: SendManyDeps,
  refs: readonly NoticeRef[],
  endsAtMs: number,
): Promise<SendReport> {
  const nowMs = deps.clock();
  const quick = refs.filter((ref) => (deps.restUntilMs.get(laneOf(ref)) ?? 0) <= nowMs);
  const report = await sendNotices(deps, quick, Math.min(endsAtMs, nowMs + LONGEST_SHOWN_MS));
  return { ...report, left: report.left + refs.length - quick.length };
}

type DueDeps = SendManyDeps & { readonly outbox: Pick<Outbox, 'find' | 'move' | 'due'> };

/** All that are due, the longest first: what a stream has not shown, retries, and what dead senders have left. */
export async function sendDueNotices(deps: DueDeps, endsAtMs: number): Promise<SendReport> {
  const sent = await Promise.allSettled(
    NOTICE_CHANNELS.map(async (channel) => sendNotices(deps, await dueOf(deps, channel), endsAtMs)),
  );
  // A channel that cannot be looked at breaks off no other.
  for (const each of sent) if (each.status === 'rejected') throw each.reason;
  return sumOf(sent.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : [])));
}

/** All, before any is sent: behind what ten thousand wait for that one webhook does not take lies what another may. */
async function dueOf({ outbox, clock }: DueDeps, channel: NoticeChannel): Promise<readonly NoticeRef[]> {
  const nowMs = clock();
  // One that is moved on meanwhile may be shown at its new place too.
  const found = new Map<string, NoticeRef>();
  let after: string | undefined;
  do {
    const from = after === undefined ? {} : { after };
    const page = await outbox.due({ channel, nowMs, limit: PAGE, ...from });
    for (const ref of page.refs) found.set(nameOf(ref), ref);
    after = page.next;
  } while (after !== undefined && found.size < MOST_LOOKED_FOR);
  return [...found.values()];
}

const nameOf = ({ partition, noticeId }: NoticeRef): string => `${partition}/${noticeId}`;
