/** The last minutes of a running rotation: who called with which version, and how far clients have moved. */
import type { MinuteView, RotationView } from '../../lambdas/functions/admin/rotation-contract.ts';
import type { Paint } from './paint.ts';
import { type Column, table } from './table.ts';

const MOST_SHOWN = 8;
/** Of a bar that stands for all requests of a minute. */
const BAR_WIDTH = 20;

/** `  35 % ███████`: nothing below a whole percent is shown as moved, and only all is shown as all. */
export function shareBar(share: number | null): string {
  if (share === null) return '–';
  const percent = `${Math.floor(share * 100)} %`.padStart(5);
  return `${percent} ${'█'.repeat(Math.floor(share * BAR_WIDTH))}`.trimEnd();
}

/** @returns null when no minute is on record */
export function minutesBlock(rotation: RotationView, paint: Paint): string | null {
  const { minutes, fromVersion, toVersion } = rotation;
  if (minutes.length === 0) return null;
  const columns: readonly Column<MinuteView>[] = [
    { title: 'MINUTE (UTC)', value: ({ minute }) => minute.slice(0, 16).replace('T', ' ') },
    { title: `VERSION ${fromVersion}`, value: ({ oldRequests }) => String(oldRequests), align: 'right' },
    { title: `VERSION ${toVersion}`, value: ({ newRequests }) => String(newRequests), align: 'right' },
    {
      title: 'REFUSED',
      value: ({ refusedRequests }) => String(refusedRequests),
      align: 'right',
      paint: (cell, { refusedRequests }) => (refusedRequests > 0 ? paint.warn(cell) : cell),
    },
    { title: 'MOVED', value: ({ newShare }) => shareBar(newShare) },
  ];
  const more = minutes.length - MOST_SHOWN;
  const lines = [
    table(columns, minutes.slice(-MOST_SHOWN), paint.dim),
    ...(more > 0 ? [paint.dim(`and ${more} minutes before, which --json lists`)] : []),
  ];
  return lines.join('\n');
}
