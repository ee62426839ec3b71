/** Figures over the rotations of a period. */
import { PURPOSES } from '../../../../rules/words.ts';
import { iso } from '../iso-time.ts';
import type { DurationRow, EmergencyRow, OutcomeRow, RecordFigures, RotationRow } from './report.ts';
import { type RotationTrack, rowOf } from './rotation-track.ts';
import { spreadOf } from './spread.ts';

const KINDS = [...PURPOSES, 'unknown'] as const;

export function rotationFigures(tracks: readonly RotationTrack[]): RecordFigures['rotations'] {
  const rows = tracks.map(rowOf);
  return { outcomes: outcomesOf(tracks, rows), durations: durationsOf(rows), rows };
}

/** Of each purpose that there is, and of those that every deployment has. */
function outcomesOf(tracks: readonly RotationTrack[], rows: readonly RotationRow[]): readonly OutcomeRow[] {
  return KINDS.flatMap((purpose) => {
    const ofIt = rows.filter((row) => row.purpose === purpose);
    if (purpose === 'unknown' && ofIt.length === 0) return [];
    const count = (outcome: RotationRow['outcome']) => ofIt.filter((row) => row.outcome === outcome).length;
    const begun = tracks.filter(({ isWhole, start }) => isWhole && (start?.purpose ?? 'unknown') === purpose);
    return {
      purpose,
      started: begun.length,
      completed: count('completed'),
      rolledBack: count('rolled-back'),
      failed: count('failed'),
      running: count('running'),
    };
  });
}

function durationsOf(rows: readonly RotationRow[]): readonly DurationRow[] {
  const completed = rows.filter(({ outcome }) => outcome === 'completed');
  return (['all', ...KINDS] as const).flatMap((purpose) => {
    const ofIt = completed.filter((row) => purpose === 'all' || row.purpose === purpose);
    const spread = spreadOf(ofIt.flatMap(({ durationMs }) => durationMs ?? []));
    return spread ? { purpose, spread } : [];
  });
}

export function emergencyFigures(
  tracks: readonly RotationTrack[],
  toMs: number,
): RecordFigures['emergencies'] {
  const rows = tracks
    .filter(({ start }) => start?.purpose === 'emergency')
    .map((track) => emergencyRow(track, toMs));
  const spread = (isOfIt: (how: EmergencyRow['refused']) => boolean) =>
    spreadOf(rows.flatMap(({ refused, toRefusalMs }) => (isOfIt(refused) ? (toRefusalMs ?? []) : [])));
  return {
    rows,
    atOnce: spread((how) => how !== null && how !== 'at-set-end'),
    atSetEnd: spread((how) => how === 'at-set-end'),
  };
}

function emergencyRow(track: RotationTrack, toMs: number): EmergencyRow {
  const { start } = track;
  const refusal = refusalOf(track, toMs);
  return {
    rotationId: track.rotationId,
    keyId: track.keyId,
    owner: track.owner,
    reason: start?.reason ?? null,
    oldVersion: start?.fromVersion ?? null,
    orderedAt: start ? iso(start.orderedAtMs) : null,
    refusedAt: refusal ? iso(refusal.atMs) : null,
    refused: refusal?.how ?? null,
    toRefusalMs: refusal && start ? refusal.atMs - start.orderedAtMs : null,
    outcome: track.end?.outcome ?? 'running',
  };
}

type Refusal = { readonly atMs: number; readonly how: NonNullable<EmergencyRow['refused']> };

/**
 * The write that accepts the new version sets the end of the old one, which holds whether the workflow goes on or not; a
 * retirement or a revocation may come before it. What was taken back before its end was never refused.
 */
function refusalOf(track: RotationTrack, toMs: number): Refusal | undefined {
  const { end, revokedAtMs } = track;
  const takenBackMs = end?.outcome === 'rolled-back' ? end.atMs : Number.POSITIVE_INFINITY;
  const refusals: readonly Refusal[] = [
    ...retirementOf(track),
    ...setEndOf(track),
    ...(revokedAtMs === undefined ? [] : [{ atMs: revokedAtMs, how: 'by-revocation' as const }]),
  ];
  return refusals
    .filter(({ atMs }) => atMs < toMs && atMs < takenBackMs)
    .reduce<Refusal | undefined>(
      (first, each) => (first && first.atMs <= each.atMs ? first : each),
      undefined,
    );
}

const retirementOf = ({ start, end }: RotationTrack): readonly Refusal[] =>
  end?.outcome === 'completed' ? [{ atMs: end.atMs, how: start?.immediate ? 'at-once' : 'at-set-end' }] : [];

function setEndOf({ start, activatedAtMs }: RotationTrack): readonly Refusal[] {
  if (activatedAtMs === undefined || start?.graceSeconds === undefined || start.immediate) return [];
  return [{ atMs: activatedAtMs + start.graceSeconds * 1000, how: 'at-set-end' }];
}
