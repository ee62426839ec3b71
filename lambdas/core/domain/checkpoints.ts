/** When a waiting rotation is looked after: reminders on the way, looks for an early retirement, the announced end. */
import type { Reminder, Rotation, WindowBase } from './key-record.ts';

export interface WindowStart {
  readonly nowMs: number;
  readonly endsAtMs: number;
  readonly windowBase: WindowBase;
  /** After the last extension: it may last for months, and has neither reminders nor looks. */
  readonly held?: boolean;
}

/** The service waits by its own clock: what comes this little early is on time. */
export const CLOCK_TOLERANCE_MS = 1_000;

/** An execution's history has room for 25,000 events, and each wait takes nine. */
const MOST_LOOKS = 500;
/** Looks are never closer than this part of the time that is left, so that they last to the end. */
const CLOSEST_LOOK = 1 / 50;

/**
 * A window of judgement opens: everything in the rotation that counts from here. Reminders that would be past already,
 * since the window is shorter than they reach, are left out.
 */
export function openWindow({ reminders: _former, ...rotation }: Rotation, start: WindowStart): Rotation {
  const { nowMs, endsAtMs, windowBase, held } = start;
  const reminders = (held ? [] : (rotation.terms.reminderSeconds ?? []))
    .map((beforeSeconds): Reminder => ({ beforeSeconds, atMs: endsAtMs - beforeSeconds * 1000 }))
    .filter(({ atMs }) => atMs > nowMs);
  const opened = { ...rotation, gracePeriodEndsAtMs: endsAtMs, windowBase };
  return withEarlyLook(reminders.length > 0 ? { ...opened, reminders } : opened, start);
}

/** The next look for an early retirement counts from here, if it comes before the announced end. */
export function withEarlyLook(
  { earlyLook: _former, ...rotation }: Rotation,
  { nowMs, endsAtMs, windowBase, held }: WindowStart,
): Rotation {
  const seconds = rotation.terms.earlyRetirementSeconds;
  const looks = rotation.earlyLooks ?? 0;
  // An emergency ends at its bound, whatever the counts say.
  if (seconds === undefined || held || rotation.purpose === 'emergency' || looks >= MOST_LOOKS)
    return rotation;
  const atMs = nowMs + Math.max(seconds * 1000, Math.round((endsAtMs - nowMs) * CLOSEST_LOOK));
  if (atMs >= endsAtMs) return rotation;
  return { ...rotation, earlyLook: { fromMs: nowMs, atMs, windowBase }, earlyLooks: looks + 1 };
}

/** The moment until which the rotation's execution waits. */
export const nextCheckpointMs = ({ gracePeriodEndsAtMs, reminders, earlyLook }: Rotation): number =>
  Math.min(
    gracePeriodEndsAtMs as number,
    reminders?.[0]?.atMs ?? Number.POSITIVE_INFINITY,
    earlyLook?.atMs ?? Number.POSITIVE_INFINITY,
  );

/** The reminder to give now: of several that have come due, as after a delay, only the last. */
export const dueReminder = ({ reminders = [] }: Rotation, nowMs: number): Reminder | undefined =>
  reminders.findLast(({ atMs }) => atMs <= nowMs + CLOCK_TOLERANCE_MS);

/** The reminder is given, and with it whatever came due before it. */
export const reminded = (rotation: Rotation, { atMs }: Reminder, nowMs: number): Rotation => ({
  ...rotation,
  reminders: (rotation.reminders ?? []).filter((each) => each.atMs > atMs),
  remindedAtMs: nowMs,
});
