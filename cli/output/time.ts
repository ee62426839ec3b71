/** Times and spans as people read them: ISO 8601 UTC, and how far away that is. */
import { DateTime } from 'luxon';

/** `2026-11-23T14:00:00Z (in 3 days)`. */
export function moment(timestamp: string, nowMs: number): string {
  const time = DateTime.fromISO(timestamp, { zone: 'utc' });
  if (!time.isValid) return timestamp;
  const iso = time.startOf('second').toISO({ suppressMilliseconds: true });
  return `${iso} (${relative(time, nowMs)})`;
}

/** `in 3 days`, `2 hours ago`, `just now`. Never in months: a due date must not look nearer than it is. */
function relative(time: DateTime, nowMs: number): string {
  if (Math.abs(time.toMillis() - nowMs) < 1_000) return 'just now';
  const base = DateTime.fromMillis(nowMs, { zone: 'utc' });
  return time.setLocale('en').toRelative({ base, unit: ['days', 'hours', 'minutes', 'seconds'] }) ?? '';
}

/** `3d 4h ago`, `in 12m 5s`, `now`: for columns, where `moment` is too wide. */
export function fromNow(timestamp: string, nowMs: number): string {
  const aheadMs = Date.parse(timestamp) - nowMs;
  if (Number.isNaN(aheadMs)) return timestamp;
  if (Math.abs(aheadMs) < 1_000) return 'now';
  return aheadMs > 0 ? `in ${span(aheadMs)}` : `${span(-aheadMs)} ago`;
}

/** A span in its two largest units: `2d 4h`, `12m 5s`, `18s`; `0s` once it is over. */
export function span(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const units = [
    ['d', Math.floor(seconds / 86_400)],
    ['h', Math.floor(seconds / 3_600) % 24],
    ['m', Math.floor(seconds / 60) % 60],
    ['s', seconds % 60],
  ] as const;
  const first = units.findIndex(([, amount]) => amount > 0);
  if (first < 0) return '0s';
  return units
    .slice(first, first + 2)
    .filter(([, amount]) => amount > 0)
    .map(([unit, amount]) => `${amount}${unit}`)
    .join(' ');
}

/** Milliseconds as measured: `840 ms`, `5.3 s`. */
export const measured = (milliseconds: number): string =>
  milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
