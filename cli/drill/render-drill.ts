/** The end of a drill for people: who called with what, and how it ended. */
import type { Paint } from '../output/paint.ts';
import { type Column, table } from '../output/table.ts';
import { measured } from '../output/time.ts';
import type { SummaryRow } from './call-summary.ts';
import type { DrillResult } from './drill.ts';
import { INVENTED } from './drill-key.ts';

export function drillSummary(result: DrillResult, paint: Paint): string {
  const columns: readonly Column<SummaryRow>[] = [
    { title: 'CALLER', value: ({ caller }) => caller },
    { title: 'API', value: ({ api }) => api },
    { title: 'KEY', value: keyName },
    { title: 'CALLS', value: ({ calls }) => String(calls), align: 'right' },
    { title: 'ANSWERS', value: answers },
    { title: 'WARNED', value: ({ warned }) => String(warned), align: 'right' },
    { title: 'MEDIAN', value: ({ medianMs }) => `${medianMs} ms`, align: 'right' },
  ];
  const passed = result.steps.filter(({ ok }) => ok).length;
  const verdict = result.ok ? paint.good('The drill passed') : paint.bad('The drill failed');
  return `\n${table(columns, result.calls.rows, paint.dim)}\n\n${verdict}: ${passed} of ${result.steps.length} steps, ${result.calls.total} calls, ${measured(result.ms)}.\n`;
}

const keyName = ({ keyId, version }: SummaryRow): string => {
  if (version === null) return 'none';
  return version === INVENTED ? 'invented' : `${keyId} v${version}`;
};

const answers = ({ byStatus }: SummaryRow): string =>
  Object.entries(byStatus)
    .map(([status, count]) => `${status} ×${count}`)
    .join(', ');
