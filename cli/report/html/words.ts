/** Figures as people read them. */
import { type Html, html } from '../../../lambdas/functions/page-html.ts';
import { MINUTE_MS } from '../../../rules/time-units.ts';
import { span } from '../../output/time.ts';

/** A narrow column breaks it between date and time alone. */
const dated = (timestamp: string, end: number): Html =>
  html`<time datetime="${timestamp}"><span>${timestamp.slice(0, 10)}</span> <span>${timestamp.slice(11, end)}</span></time>`;

/** `2026-11-28 14:00:05`; the page says once that all is UTC. */
export const time = (timestamp: string | null): Html | string =>
  timestamp === null ? '–' : dated(timestamp, 19);

/** Where seconds say nothing. */
export const minute = (timestamp: string | null): Html | string =>
  timestamp === null ? '–' : dated(timestamp, 16);

export const day = (timestamp: string): string => timestamp.slice(0, 10);

/** `2.0 s`, `1h 3s`, `3d 4h`. */
export const lasted = (milliseconds: number | null): string => {
  if (milliseconds === null) return '–';
  return milliseconds < MINUTE_MS ? `${(milliseconds / 1000).toFixed(1)} s` : span(milliseconds);
};

export const lastedSeconds = (seconds: number | null): string =>
  lasted(seconds === null ? null : seconds * 1000);

export const number = (value: number): string => value.toLocaleString('en-US');

export const counted = (count: number, word: string): string =>
  `${number(count)} ${word}${count === 1 ? '' : 's'}`;

export const percent = (share: number | null): string =>
  share === null ? '–' : `${Math.round(share * 1000) / 10} %`;

export const or = (text: string | number | null): string | number => text ?? '–';
