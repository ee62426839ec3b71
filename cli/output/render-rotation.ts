/** A rotation as people read it: in full, and as the one line that --watch keeps up to date. */
import type { RotationView } from '../../lambdas/functions/admin/rotation-contract.ts';
import type { Paint } from './paint.ts';
import { minutesBlock } from './render-minutes.ts';
import { stragglersBlock } from './render-stragglers.ts';
import { block } from './table.ts';
import { measured, moment, span } from './time.ts';

/** A status as people read it. */
export const STATUS_WORDS: Readonly<Record<RotationView['status'], string>> = {
  starting: 'starting',
  verifying: 'verifying the new key',
  'dual-key': 'both versions accepted',
  completed: 'completed',
  'rolled-back': 'rolled back',
  failed: 'failed',
};

/** Whether nothing more will happen to it. */
export const isFinal = ({ status }: RotationView): boolean =>
  status === 'completed' || status === 'rolled-back' || status === 'failed';

/** README, "When a rotation is stuck or failed". */
const STUCK_REMEDY = 'if its execution is over, keyturn rotate takes over from it';

/** README, "How a migration is judged". */
const HELD = 'after the last extension, until clients have moved or you roll it back';

const percent = (share: number): string => `${Math.floor(share * 100)} %`;

const statusText = (rotation: RotationView, paint: Paint): string => {
  const words = STATUS_WORDS[rotation.status] ?? rotation.status;
  if (rotation.status === 'completed') return paint.good(words);
  return rotation.status === 'failed' ? paint.bad(words) : paint.warn(words);
};

/** `37 % of 120 requests on version 4 (95 % needed)`; null before there is anything to say. */
export function migrationText({ migration, toVersion }: RotationView): string | null {
  if (!migration) return null;
  const total = migration.oldRequests + migration.newRequests;
  if (migration.newShare === null) return `no requests yet (${percent(migration.threshold)} needed)`;
  const requests = `${total} request${total === 1 ? '' : 's'}`;
  return `${percent(migration.newShare)} of ${requests} on version ${toVersion} (${percent(migration.threshold)} needed)`;
}

export function rotationBlock(rotation: RotationView, paint: Paint, nowMs: number): string {
  const versions = `version ${rotation.fromVersion} → ${rotation.toVersion ?? '?'}`;
  const facts = block(
    [
      ['status', statusText(rotation, paint)],
      [
        'stuck since',
        rotation.stuckSince && paint.bad(`${moment(rotation.stuckSince, nowMs)}: ${STUCK_REMEDY}`),
      ],
      ['held', rotation.held ? paint.warn(HELD) : null],
      ['started', `${moment(rotation.startedAt, nowMs)} by ${rotation.initiatedBy}`],
      ['reason', rotation.reason],
      ['both accepted until', rotation.endedAt ? null : endOfGrace(rotation, nowMs)],
      ['extensions', rotation.extensions > 0 ? String(rotation.extensions) : null],
      ['reminded', rotation.remindedAt && moment(rotation.remindedAt, nowMs)],
      ['next reminder', rotation.nextReminderAt && moment(rotation.nextReminderAt, nowMs)],
      ['migration', migrationText(rotation)],
      ['refused', refusedText(rotation)],
      ['evidence', rotation.evidence],
      [
        'old version refused',
        rotation.refusedAfterMs === null ? null : `${measured(rotation.refusedAfterMs)} after the start`,
      ],
      ['first refused request', firstRefusalText(rotation)],
      ['ended', rotation.endedAt && moment(rotation.endedAt, nowMs)],
      ['failure', rotation.failure && paint.bad(rotation.failure)],
      ['execution', rotation.executionArn],
    ],
    paint.dim,
  );
  const head = `Rotation ${paint.bold(rotation.rotationId)}  ${rotation.purpose}, ${versions}`;
  const parts = [facts, minutesBlock(rotation, paint), stragglersBlock(rotation, paint, nowMs)].filter(
    (part) => part !== null,
  );
  return `${head}\n${parts.join('\n').replaceAll(/^/gm, '  ')}`;
}

/** `12 requests, 3 % of the key's`; null when none was. */
function refusedText({ migration }: RotationView): string | null {
  if (!migration?.refusedRequests || migration.refusedShare === null) return null;
  const { refusedRequests, refusedShare } = migration;
  const share = refusedShare < 0.01 ? 'less than 1 %' : percent(refusedShare);
  return `${refusedRequests} request${refusedRequests === 1 ? '' : 's'}, ${share} of the key's`;
}

/** Of an emergency whose refusal is on record: whether somebody still tried. */
function firstRefusalText({ refusedAfterMs, firstRefusalAfterMs }: RotationView): string | null {
  if (firstRefusalAfterMs !== null) return `${measured(firstRefusalAfterMs)} after the start`;
  return refusedAfterMs === null ? null : 'none yet';
}

const endOfGrace = ({ gracePeriodEndsAt }: RotationView, nowMs: number): string | null =>
  gracePeriodEndsAt && moment(gracePeriodEndsAt, nowMs);

/** What --watch shows: state, time left, share migrated, extensions. */
export function watchLine(rotation: RotationView, nowMs: number): string {
  const left = rotation.endedAt ? null : timeLeft(rotation, nowMs);
  const still = rotation.stuckSince && `stands still for ${span(nowMs - Date.parse(rotation.stuckSince))}`;
  return [STATUS_WORDS[rotation.status] ?? rotation.status, still, left, ...progressOf(rotation)]
    .filter((part) => part !== null)
    .join(' · ');
}

/** All of the line but the clock: what makes a new line worth printing where lines cannot be rewritten. */
export const watchState = (rotation: RotationView): string =>
  [rotation.status, rotation.stuckSince, rotation.gracePeriodEndsAt, ...progressOf(rotation)].join(' · ');

function timeLeft({ gracePeriodEndsAt, status }: RotationView, nowMs: number): string | null {
  if (!gracePeriodEndsAt || status !== 'dual-key') return null;
  const leftMs = Date.parse(gracePeriodEndsAt) - nowMs;
  return leftMs > 0 ? `${span(leftMs)} left` : 'to be judged now';
}

function progressOf(rotation: RotationView): readonly (string | null)[] {
  const { extensions, evidence } = rotation;
  return [
    migrationText(rotation),
    extensions > 0 ? `extended ${extensions === 1 ? 'once' : `${extensions} times`}` : null,
    evidence && `evidence: ${evidence}`,
    rotation.refusedAfterMs === null
      ? null
      : `old version refused after ${measured(rotation.refusedAfterMs)}`,
  ];
}
