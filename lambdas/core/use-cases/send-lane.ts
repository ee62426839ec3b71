/** Sends notices that wait for the same receiver, several at once, and fewer or none where it does not take them. */
import { ALERT_PARTITIONS } from '../domain/alert.ts';
import { webhookPartition } from '../domain/webhook.ts';
import type { NoticeRef } from '../ports/notices.ts';
import { type SendDeps, type Sent, sendNotice } from './send-notice.ts';

export interface SendManyDeps extends SendDeps {
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Lanes whose receiver was slow, and until when what the stream shows of them waits for the look of each minute. */
  readonly restUntilMs: Map<string, number>;
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

export interface LaneLimits {
  readonly mostAtOnce: number;
  /** No wave begins after this. */
  readonly endsAtMs: number;
}

const ALERTS = 'alert';
const PAUSE_MS = 1_000;
/** From so long a wave on a receiver is slow. */
const SLOW_MS = 5_000;
/** A little less than until the next look. */
const REST_MS = 50_000;
/** Of waves of which each had one at least that was too many. */
const MOST_THROTTLED = 3;

/** One for all mail, one for all alerts, and one for each webhook: what one receiver does not take holds up no other's. */
export function laneOf(ref: NoticeRef): string {
  if (isOfWebhook(ref)) return ref.partition;
  return ref.partition.startsWith(ALERT_PARTITIONS) ? ALERTS : 'mail';
}

const isOfWebhook = ({ partition }: NoticeRef): boolean => partition.startsWith(webhookPartition(''));

/** @param refs of one lane */
export async function sendLane(
  deps: SendManyDeps,
  refs: readonly NoticeRef[],
  { mostAtOnce, endsAtMs }: LaneLimits,
): Promise<SendReport> {
  const results: Sent['result'][] = [];
  const failed: NoticeRef[] = [];
  let [next, atOnce, throttledWaves, isDeaf] = [0, mostAtOnce, 0, false];
  const isStopped = () => isDeaf || throttledWaves >= MOST_THROTTLED;
  while (next < refs.length && !isStopped() && deps.clock() < endsAtMs) {
    const wave = refs.slice(next, next + atOnce);
    next += wave.length;
    const begunAtMs = deps.clock();
    const sent = await Promise.all(wave.map((ref) => attempt(deps, ref, failed)));
    if (deps.clock() - begunAtMs >= SLOW_MS) rest(deps, wave);
    results.push(...sent.map(({ result }) => result));
    isDeaf = wave.every(isOfWebhook) && tookNothing(sent);
    const isThrottled = sent.some(({ throttled }) => throttled);
    throttledWaves = isThrottled ? throttledWaves + 1 : 0;
    atOnce = isThrottled ? Math.ceil(atOnce / 2) : Math.min(atOnce + 1, mostAtOnce);
    if (isThrottled && next < refs.length) await deps.sleep(PAUSE_MS);
  }
  return reportOf(results, failed, refs.length - next);
}

/** Alerts wait for nothing: they are few, and what takes long with them is worth it. */
function rest({ restUntilMs, clock }: SendManyDeps, [ref]: readonly NoticeRef[]): void {
  if (ref && laneOf(ref) !== ALERTS) restUntilMs.set(laneOf(ref), clock() + REST_MS);
}

/** A receiver of webhooks that is down may let each call wait for a quarter of a minute. */
const tookNothing = (sent: readonly Sent[]): boolean =>
  sent.some(({ result }) => result === 'later') && !sent.some(({ result }) => result === 'sent');

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

function reportOf(
  results: readonly Sent['result'][],
  failed: readonly NoticeRef[],
  left: number,
): SendReport {
  const count = (wanted: Sent['result']) => results.filter((result) => result === wanted).length;
  return {
    sent: count('sent'),
    later: count('later'),
    parked: count('parked'),
    withheld: count('withheld'),
    failed,
    left,
  };
}

const NO_REPORT: SendReport = { sent: 0, later: 0, parked: 0, withheld: 0, failed: [], left: 0 };

export const sumOf = (reports: readonly SendReport[]): SendReport =>
  reports.reduce(
    (one, other) => ({
      sent: one.sent + other.sent,
      later: one.later + other.later,
      parked: one.parked + other.parked,
      withheld: one.withheld + other.withheld,
      failed: [...one.failed, ...other.failed],
      left: one.left + other.left,
    }),
    NO_REPORT,
  );
