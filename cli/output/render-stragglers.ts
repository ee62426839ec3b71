/** Who still uses the old version while both are accepted. */
import type { RotationView, StragglerView } from '../../lambdas/functions/admin/rotation-contract.ts';
import type { Paint } from './paint.ts';
import { type Column, table } from './table.ts';
import { moment } from './time.ts';

const MOST_SHOWN = 5;
const LONGEST_CLIENT = 60;

/** What a client says of itself is its own choice: nothing in it may move the cursor or turn the text around. */
function clientOf({ userAgent }: StragglerView): string {
  const text = userAgent.replace(/\p{C}/gu, '?');
  return text.length > LONGEST_CLIENT ? `${text.slice(0, LONGEST_CLIENT)}…` : text;
}

/** @returns null when nobody is known to */
export function stragglersBlock(rotation: RotationView, paint: Paint, nowMs: number): string | null {
  const { stragglers, fromVersion } = rotation;
  if (stragglers.length === 0) return null;
  const columns: readonly Column<StragglerView>[] = [
    { title: 'ADDRESS', value: ({ address }) => address },
    { title: 'CLIENT', value: clientOf },
    { title: 'REQUESTS', value: ({ requests }) => String(requests), align: 'right' },
    { title: 'LAST USED', value: ({ lastUsedAt }) => moment(lastUsedAt, nowMs) },
  ];
  const more = stragglers.length - MOST_SHOWN;
  const lines = [
    paint.warn(`Still on version ${fromVersion}`),
    table(columns, stragglers.slice(0, MOST_SHOWN), paint.dim),
    ...(more > 0 ? [paint.dim(`and ${more} more, which --json lists`)] : []),
  ];
  return lines.join('\n');
}
