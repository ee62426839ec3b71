/** A period cut into days, weeks or months of UTC, whichever is readable. */
import type { Report } from '../../../../lambdas/core/domain/report/report.ts';
import { DAY_MS } from '../../../../rules/time-units.ts';

export interface Bucket {
  readonly fromMs: number;
  readonly toMs: number;
  readonly label: string;
}

export interface Buckets {
  readonly unit: 'day' | 'week' | 'month';
  readonly buckets: readonly Bucket[];
}

const iso = (ms: number): string => new Date(ms).toISOString();

export function bucketsOf({ from, to }: Report['period']): Buckets {
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
  const days = (toMs - fromMs) / DAY_MS;
  const unit = days <= 16 ? 'day' : days <= 120 ? 'week' : 'month';
  const buckets: Bucket[] = [];
  for (let at = fromMs; at < toMs; ) {
    const end = Math.min(toMs, nextAfter(at, unit, dayOf(fromMs)));
    buckets.push({
      fromMs: at,
      toMs: end,
      label: unit === 'month' ? iso(at).slice(0, 7) : iso(at).slice(5, 10),
    });
    at = end;
  }
  return { unit, buckets };
}

/** Its first moment. A period may begin within a day, and what a bar is named after ends at midnight. */
const dayOf = (ms: number): number => ms - (ms % DAY_MS);

function nextAfter(ms: number, unit: Buckets['unit'], firstDayMs: number): number {
  if (unit === 'month') {
    const at = new Date(ms);
    return Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1);
  }
  const size = unit === 'day' ? DAY_MS : 7 * DAY_MS;
  return ms + size - ((ms - firstDayMs) % size);
}

/** @returns how many of these times fall into each */
export const countIn = (buckets: readonly Bucket[], timesMs: readonly number[]): readonly number[] =>
  buckets.map(({ fromMs, toMs }) => timesMs.filter((ms) => ms >= fromMs && ms < toMs).length);
