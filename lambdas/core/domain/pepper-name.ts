/** Names of peppers, which keys carry as `pepperVersion`: public, and never given twice. */
import { type RandomBytes, randomBase62 } from './base62.ts';

/** `20261123T140000000Z-4fK2mQ9x`: when it was made, so that names tell which is newer, and by chance. */
const NAME = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z-[0-9A-Za-z]{8}$/;

/**
 * A name that sorts after `current` also where clocks differ.
 *
 * Random beside the time: two that are made in the same moment must not be one name with two contents.
 */
export function newPepperName(current: string, nowMs: number, randomBytes: RandomBytes): string {
  const atMs = Math.max(nowMs, (madeAtMs(current) ?? 0) + 1);
  const time = new Date(atMs).toISOString().replaceAll(/[-:.]/g, '');
  return `${time}-${randomBase62(8, randomBytes)}`;
}

/** When a pepper was made, by its name; undefined for one that a deployment or a person named. */
export function madeAtMs(name: string): number | undefined {
  const [, year, month, day, hour, minute, second, milli] = NAME.exec(name) ?? [];
  if (year === undefined) return undefined;
  const atMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${milli}Z`);
  return Number.isNaN(atMs) ? undefined : atMs;
}

/** Whether one was made after the other. One whose time is not known is older than every one whose time is. */
export const isNewer = (name: string, other: string): boolean =>
  (madeAtMs(name) ?? Number.NEGATIVE_INFINITY) > (madeAtMs(other) ?? Number.NEGATIVE_INFINITY);
