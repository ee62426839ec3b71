/** Points in time as people read them, always in UTC. */
import { iso } from '../../../core/domain/iso-time.ts';
import { type Html, html } from '../../page-html.ts';

const DATE = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });
const TIME = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short', timeZone: 'UTC' });

/** `23 November 2026, 20:41 UTC`. */
export const moment = (atMs: number): Html =>
  html`<time datetime="${iso(atMs)}">${DATE.format(atMs)}, ${TIME.format(atMs)} UTC</time>`;
