/** What a sweep did, or would do, as people read it. */
import type { SweepPreview, SweepView } from '../../lambdas/functions/admin/contract.ts';
import type { Paint } from './paint.ts';
import { block, type Column, table } from './table.ts';
import { moment } from './time.ts';

export function sweepReport(report: SweepView, paint: Paint): string {
  const counts = block(
    [
      ['due', String(report.due)],
      ['started', String(report.started)],
      ['exempt', String(report.exempt)],
      ['skipped', `${report.skipped} (disabled, revoked or rotating already)`],
      ['overdue', `${report.overdue} (due for more than 25 hours)`],
      ['failed', report.failed > 0 ? `${report.failed}: the admin function's log says why` : null],
    ],
    paint.dim,
  );
  const left =
    report.left > 0 ? `\n${paint.warn(`${report.left} keys are left: keyturn sweep goes on.`)}\n` : '';
  return `${counts}\n${left}`;
}

type Previewed = SweepPreview['keys'][number];

export function sweepPreview({ keys, more }: SweepPreview, paint: Paint, nowMs: number): string {
  if (keys.length === 0 && more === 0) return 'No key is due.\n';
  const columns: readonly Column<Previewed>[] = [
    { title: 'KEY ID', value: ({ keyId }) => keyId, paint: (cell) => paint.bold(cell) },
    { title: 'OWNER', value: ({ owner }) => owner },
    { title: 'DUE', value: ({ dueAt }) => moment(dueAt, nowMs) },
    { title: 'SWEEP', value: (key) => doingOf(key, nowMs) },
  ];
  const rest = more > 0 ? `\n${paint.dim(`${more} more are due.`)}\n` : '';
  return `${table(columns, keys, paint.dim)}\n${rest}`;
}

function doingOf({ verdict, exemptUntil }: Previewed, nowMs: number): string {
  if (verdict === 'start') return 'starts its rotation';
  return verdict === 'exempt' && exemptUntil
    ? `passes it over: exempt until ${moment(exemptUntil, nowMs)}`
    : `passes it over: ${verdict}`;
}
