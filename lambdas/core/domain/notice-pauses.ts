/** When a notice is tried again, by its channel: the one place that knows. */

import { isLeavable } from '../../../rules/mail-kinds.ts';
import { HOUR_MS, MINUTE_MS } from '../../../rules/time-units.ts';
import type { Notice, NoticeChannel } from './notice.ts';

const SECOND_MS = 1_000;

interface Schedule {
  /** After the first try, the second and so on; after the one behind the last pause it is given up. */
  readonly pausesMs: readonly number[];
  /** At most so much longer, by chance: what failed together is not tried again together. */
  readonly jitter: number;
  /**
   * How long the receiver's own record may take to say that it took what nobody knows of. None where the receiver drops
   * what it has seen: there another try does no harm.
   */
  readonly doubtMs: number;
}

/** A minute, then twice as long each time up to four hours: a day in all. */
const OVER_A_DAY: readonly number[] = [
  ...[1, 2, 4, 8, 16, 32, 64, 128].map((minutes) => minutes * MINUTE_MS),
  ...Array.from({ length: 5 }, () => 4 * HOUR_MS),
];

const SCHEDULES: Readonly<Record<NoticeChannel, Schedule>> = {
  mail: { pausesMs: OVER_A_DAY, jitter: 0.25, doubtMs: 5 * MINUTE_MS },
  alert: { pausesMs: OVER_A_DAY, jitter: 0.25, doubtMs: 0 },
  webhook: {
    pausesMs: [
      5 * SECOND_MS,
      MINUTE_MS,
      5 * MINUTE_MS,
      30 * MINUTE_MS,
      2 * HOUR_MS,
      5 * HOUR_MS,
      8 * HOUR_MS,
      10 * HOUR_MS,
    ],
    jitter: 0.1,
    doubtMs: 0,
  },
};

/** A sender that has not said by then what became of its try is dead: longer than a function may run. */
export const LEASE_MS = 2 * MINUTE_MS;

/**
 * @param tries those that have failed, from 1
 * @param random from 0 up to 1
 * @returns the pause before the next, or undefined when that was the last
 */
export function pauseMs(channel: NoticeChannel, tries: number, random: number): number | undefined {
  const { pausesMs, jitter } = SCHEDULES[channel];
  const pause = pausesMs[tries - 1];
  return pause === undefined ? undefined : Math.round(pause * (1 + jitter * random));
}

/** What nobody acts on at once may come late: SES's own word may, and a second mail is a mistake that is seen. */
const UNHURRIED_DOUBT_MS = HOUR_MS;

export const doubtMs = ({ channel, kind }: Pick<Notice, 'channel' | 'kind'>): number =>
  channel === 'mail' && isLeavable(kind) && kind !== 'reminder'
    ? UNHURRIED_DOUBT_MS
    : SCHEDULES[channel].doubtMs;
