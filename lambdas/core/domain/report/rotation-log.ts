/** The rotations of a period, event by event. */
import type { Evidence } from '../../../../rules/words.ts';
import type { AuditAction, AuditEvent } from '../audit-event.ts';
import { pointIn, type RotationStart, type RotationTrack, startIn } from './rotation-track.ts';

type Note = (track: RotationTrack, event: AuditEvent) => void;

const ended =
  (outcome: NonNullable<RotationTrack['end']>['outcome']): Note =>
  (track, { atMs, reason }) => {
    track.end = { outcome, atMs };
    if (outcome === 'failed') track.failure = reason ?? '';
  };

const measured: Note = (track, event) => void track.migration.push(pointIn(event));

const judged: Note = (track, event) => {
  measured(track, event);
  track.evidence = event.detail['evidence'] as Evidence;
  if (event.detail['decision'] === 'extend') track.extensions += 1;
  if (event.detail['decision'] === 'hold') track.holds += 1;
};

const activated: Note = (track, event) => {
  track.toVersion = Number(event.detail['version']);
  track.activatedAtMs = event.atMs;
  if (event.detail['oldVersionIs'] === 'retired') ended('completed')(track, event);
};

const NOTES: Partial<Record<AuditAction, Note>> = {
  'rotation.started': (track, event) => {
    track.start = startIn(event);
  },
  'version.generated': (track, { detail }) => {
    track.toVersion = Number(detail['version']);
  },
  'version.activated': activated,
  'rotation.reminded': measured,
  'rotation.looked': measured,
  'rotation.judged': judged,
  'version.retired': ended('completed'),
  'rotation.failed': ended('failed'),
  'rotation.taken-over': ended('failed'),
  'rotation.rolled-back': ended('rolled-back'),
};

interface RotationRequested {
  readonly atMs: number;
  readonly by: string;
}

export class RotationLog {
  readonly #tracks = new Map<string, RotationTrack>();
  /** The one that runs, by key. */
  readonly #running = new Map<string, RotationTrack>();

  /** Who asked for which, and when first: not every one is begun. */
  readonly #requests = new Map<string, RotationRequested>();

  add(event: AuditEvent): void {
    const { keyId, rotationId, action } = event;
    if (keyId === undefined) return;
    if (action === 'rotation.requested') this.#noteRequest(event, `${keyId}/${rotationId}`);
    if (action === 'key.revoked') this.#endOf(keyId, event);
    const note = NOTES[action];
    if (rotationId === undefined || !note) return;
    const track = this.#trackOf(event, keyId, rotationId);
    note(track, event);
    if (action === 'rotation.started') this.#noteOrder(track, `${keyId}/${rotationId}`);
    if (!track.end) this.#running.set(keyId, track);
    else if (this.#running.get(keyId) === track) this.#running.delete(keyId);
  }

  #noteRequest({ atMs, actor }: AuditEvent, name: string): void {
    if (!this.#requests.has(name)) this.#requests.set(name, { atMs, by: actor.principal });
  }

  /** What is measured counts from the moment that somebody asked; who that was is on record as it was found. */
  #noteOrder(track: RotationTrack, name: string): void {
    const requested = this.#requests.get(name);
    this.#requests.delete(name);
    if (!requested || !track.start) return;
    const orderedAtMs = Math.min(track.start.orderedAtMs, requested.atMs);
    track.start = { ...track.start, orderedAtMs, startedBy: requested.by };
  }

  /** A key that is revoked needs no rotation: the one that runs ends with that. */
  #endOf(keyId: string, event: AuditEvent): void {
    const running = this.#running.get(keyId);
    if (!running) return;
    const reason = `The key was revoked: ${event.reason ?? ''}`;
    ended('failed')(running, { ...event, reason });
    running.revokedAtMs = event.atMs;
    this.#running.delete(keyId);
  }

  #trackOf({ action, owner = '' }: AuditEvent, keyId: string, rotationId: string): RotationTrack {
    const name = `${keyId}/${rotationId}`;
    const isWhole = action === 'rotation.started';
    const fresh = { rotationId, keyId, owner, isWhole, extensions: 0, holds: 0, migration: [] };
    const track = this.#tracks.get(name) ?? fresh;
    this.#tracks.set(name, track);
    return track;
  }

  /** Begun before the period: their start is to be looked up. */
  unknownStarts(): readonly { readonly keyId: string; readonly rotationId: string }[] {
    return this.tracks()
      .filter(({ start }) => !start)
      .map(({ keyId, rotationId }) => ({ keyId, rotationId }));
  }

  learn(keyId: string, rotationId: string, start: RotationStart): void {
    const track = this.#tracks.get(`${keyId}/${rotationId}`);
    if (track) track.start ??= start;
  }

  /** As they were first met. */
  tracks(): readonly RotationTrack[] {
    return [...this.#tracks.values()];
  }
}
