/** What an emergency would do to each key, as people read it. */
import type {
  EmergencyPreviewView,
  EmergencyVerdict,
  PreviewedKey,
} from '../../lambdas/functions/admin/emergency-contract.ts';
import type { Paint } from './paint.ts';
import { type Column, table } from './table.ts';
import { moment } from './time.ts';

/** Enough to see whose keys they are; --json lists those that were read. */
const MOST_SHOWN = 20;

const WORDS: Readonly<Record<EmergencyVerdict, string>> = {
  rotate: 'is replaced',
  'take-over': 'is replaced; its running rotation is taken over',
  'in-emergency': 'has an emergency already',
  disabled: 'skipped: disabled',
  revoked: 'skipped: revoked',
};

export function emergencyPreview(preview: EmergencyPreviewView, paint: Paint, nowMs: number): string {
  const { keys, enabled, total, counted } = preview;
  const columns: readonly Column<PreviewedKey>[] = [
    { title: 'KEY ID', value: ({ keyId }) => keyId, paint: (cell) => paint.bold(cell) },
    { title: 'OWNER', value: ({ owner }) => owner },
    { title: 'NAME', value: ({ name }) => name },
    { title: 'ENV', value: ({ environment }) => environment },
    { title: 'EMERGENCY', value: (key) => becomes(key, nowMs) },
  ];
  const shown = keys.slice(0, MOST_SHOWN);
  const atLeast = counted ? '' : 'at least ';
  const skipped = total - enabled;
  const lines = [
    ...(shown.length > 0 ? [table(columns, shown, paint.dim), ''] : []),
    ...(total > shown.length ? [paint.dim(`and ${atLeast}${total - shown.length} more`), ''] : []),
    `${atLeast}${enabled} of ${total} keys; ${skipped} skipped (disabled or revoked: refused already)`,
  ];
  return `${lines.join('\n')}\n`;
}

function becomes({ verdict, rotation }: PreviewedKey, nowMs: number): string {
  const ends = rotation?.gracePeriodEndsAt;
  return verdict === 'in-emergency' && ends
    ? `${WORDS[verdict]}, until ${moment(ends, nowMs)}`
    : WORDS[verdict];
}
