/** Rotations in a list, those that stand still first, and what to do about those and the failed ones. */
import type { AdminResults } from '../../lambdas/functions/admin/contract.ts';
import type { RotationSummary } from '../../lambdas/functions/admin/rotation-contract.ts';
import type { Paint } from './paint.ts';
import { heldWords } from './render-held.ts';
import { STATUS_WORDS } from './render-rotation.ts';
import { type Column, table } from './table.ts';
import { fromNow, span } from './time.ts';

/** Two lines each. */
const MOST_HINT_LINES = 20;

interface Asked {
  readonly ofKey: string | undefined;
  readonly status?: string;
}

const statusOf = ({ status, stuckSince }: RotationSummary): string =>
  stuckSince ? `STUCK: ${STATUS_WORDS[status]}` : STATUS_WORDS[status];

function paintStatus(cell: string, { status, stuckSince }: RotationSummary, paint: Paint): string {
  if (status === 'completed') return paint.good(cell);
  return stuckSince || status === 'failed' ? paint.bad(cell) : paint.warn(cell);
}

export function rotationTable(
  { rotations, nextToken }: AdminResults['rotations'],
  asked: Asked,
  paint: Paint,
  nowMs: number,
): string {
  if (rotations.length === 0 && !nextToken) return `${nothing(asked)}\n`;
  const stuckFirst = [...rotations].sort(
    (left, right) => Number(right.stuckSince !== null) - Number(left.stuckSince !== null),
  );
  const columns: readonly Column<RotationSummary>[] = [
    { title: 'KEY ID', value: ({ keyId }) => keyId, paint: (cell) => paint.bold(cell) },
    { title: 'OWNER', value: ({ owner }) => owner },
    { title: 'PURPOSE', value: ({ purpose }) => purpose },
    { title: 'VERSION', value: ({ fromVersion, toVersion }) => `${fromVersion} → ${toVersion ?? '?'}` },
    { title: 'STARTED', value: ({ startedAt }) => fromNow(startedAt, nowMs) },
    { title: 'ENDS', value: (rotation) => endOf(rotation, nowMs) },
    { title: 'STATUS', value: statusOf, paint: (cell, rotation) => paintStatus(cell, rotation, paint) },
  ];
  const hints = stuckFirst.flatMap((rotation) => hintFor(rotation, nowMs));
  const parts = [
    `${table(columns, stuckFirst, paint.dim)}\n`,
    ...(hints.length > 0 ? [`${hints.slice(0, MOST_HINT_LINES).join('\n')}\n`] : []),
    ...(nextToken ? [`${paint.dim(`More: add --next-token ${nextToken}`)}\n`] : []),
  ];
  return parts.join('\n');
}

function nothing({ ofKey, status }: Asked): string {
  if (ofKey) return `No ${status ? `${status} ` : ''}rotation of key ${ofKey} is on record.`;
  return status
    ? `No ${status} rotation is on record.`
    : 'No rotation is running, and none has failed within seven days.';
}

/** When it ended, or is announced to; nothing is announced before both versions are accepted. */
const endOf = ({ endedAt, gracePeriodEndsAt }: RotationSummary, nowMs: number): string => {
  const end = endedAt ?? gracePeriodEndsAt;
  return end ? fromNow(end, nowMs) : '–';
};

/** A failed one may have been followed by another since: the key says so. */
function hintFor(rotation: RotationSummary, nowMs: number): readonly string[] {
  const { keyId, status, purpose, stuckSince, failure } = rotation;
  if (stuckSince) {
    return [
      `${keyId} has stood still for ${span(nowMs - Date.parse(stuckSince))}.`,
      `  Its execution: keyturn show ${keyId}. If that is over, keyturn rotate ${keyId} takes over.`,
    ];
  }
  if (rotation.held) {
    const { what, mend } = heldWords(keyId, rotation, nowMs);
    return [`${keyId}: ${what}`, `  ${mend}`];
  }
  const isOver = rotation.endedAt !== null;
  if (!isOver && rotation.undelivered) return undeliveredHint(rotation);
  if (status !== 'failed') return [];
  const again = purpose === 'emergency' ? `keyturn emergency ${keyId} --reason …` : `keyturn rotate ${keyId}`;
  return [`${keyId} failed: ${failure ?? 'no reason is on record'}`, `  Start again: ${again}`];
}

const undeliveredHint = ({ keyId, toVersion, undelivered }: RotationSummary): readonly string[] =>
  undelivered === 'gone'
    ? [
        `${keyId}: version ${toVersion} was never received, and is gone.`,
        `  Back to the version before, then another: keyturn rollback ${keyId} --reason …, keyturn rotate ${keyId}`,
      ]
    : [
        `${keyId}: its owner has not received version ${toVersion}.`,
        `  Once more: keyturn deliver ${keyId} --again. By another way: keyturn deliver ${keyId} --by …`,
      ];
