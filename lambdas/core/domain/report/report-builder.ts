/**
 * A report, event by event in the order of time: what it holds in memory grows with keys and rotations, not with events.
 * The order is that of the record: time, then chain, then sequence.
 */
import type { AuditEvent } from '../audit-event.ts';
import { iso } from '../iso-time.ts';
import { controlRows } from './controls.ts';
import { EventLog } from './event-log.ts';
import { KeyLog } from './key-log.ts';
import { limitsOf } from './limits.ts';
import {
  type DigestMark,
  type Made,
  type Period,
  REPORT_FORMAT,
  type RecordFigures,
  type Report,
} from './report.ts';
import { emergencyFigures, rotationFigures } from './rotation-figures.ts';
import { RotationLog } from './rotation-log.ts';
import type { RotationStart } from './rotation-track.ts';
import { type Standing, standingFigures } from './standing-figures.ts';

export class ReportBuilder {
  readonly #period: Period;
  readonly #events = new EventLog();
  readonly #rotations = new RotationLog();
  readonly #keys = new KeyLog();
  #lastAtMs = Number.NEGATIVE_INFINITY;

  constructor(period: Period) {
    this.#period = period;
  }

  /** @throws for an event out of order: the figures would not be those of the record */
  add(event: AuditEvent): void {
    const { fromMs, toMs } = this.#period;
    if (event.atMs < fromMs || event.atMs >= toMs) return;
    if (event.atMs < this.#lastAtMs) {
      throw new Error(`Event ${event.chain}#${event.sequence} is not in the order of time.`);
    }
    this.#lastAtMs = event.atMs;
    this.#events.add(event);
    this.#rotations.add(event);
    this.#keys.add(event);
  }

  /** Keys that something happened to in the period. */
  keyIds(): readonly string[] {
    return this.#events.keyIds();
  }

  /** Rotations that began before the period: what is known of their start is to be handed to `learn`. */
  unknownStarts(): ReturnType<RotationLog['unknownStarts']> {
    return this.#rotations.unknownStarts();
  }

  learn(keyId: string, rotationId: string, start: RotationStart): void {
    this.#rotations.learn(keyId, rotationId, start);
  }

  record(): RecordFigures {
    const tracks = this.#rotations.tracks();
    const sum = (of: (track: (typeof tracks)[number]) => number) =>
      tracks.reduce((total, track) => total + of(track), 0);
    return {
      events: this.#events.figures(),
      rotations: rotationFigures(tracks),
      emergencies: emergencyFigures(tracks, this.#period.toMs),
      extensions: {
        rotations: tracks.filter(({ extensions, holds }) => extensions + holds > 0).length,
        extensions: sum(({ extensions }) => extensions),
        holds: sum(({ holds }) => holds),
      },
      keys: this.#keys.changes(),
      deliveries: this.#keys.deliveries(),
      security: this.#events.security(),
      actors: this.#events.actors(),
    };
  }

  report(made: Made, standing: Standing, digest: DigestMark | null): Report {
    const record = this.record();
    const figures = standingFigures(standing, record);
    const { fromMs, toMs } = this.#period;
    return {
      format: REPORT_FORMAT,
      period: { from: iso(fromMs), to: iso(toMs) },
      made,
      record,
      standing: figures,
      controls: controlRows(record, figures),
      limits: limitsOf(record, figures, digest),
      digest,
    };
  }
}
