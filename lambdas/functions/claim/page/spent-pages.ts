/** What whoever has the right link is told when it gives nothing, or nothing more. */
import type { SpentLink, TakenLink } from '../../../core/use-cases/take-by-link.ts';
import { press } from '../../page-document.ts';
import { html } from '../../page-html.ts';
import type { Page } from './layout.ts';
import { moment } from './moment.ts';

const ASK = html`<p>Ask whoever sent you the link for a new one.</p>`;

export function spentPage(link: SpentLink): Page {
  switch (link.outcome) {
    case 'taken':
      return link.disputedAtMs === undefined ? takenPage(link) : reportedPage(link.disputedAtMs);
    case 'expired':
      return {
        title: 'This link has expired',
        body: html`<p>It was good until ${moment(link.expiredAtMs)}. Nobody has taken a key by it, and nobody can any more.</p>
${ASK}`,
      };
    case 'disabled':
      return {
        title: 'Not now',
        body: html`<p>The API key behind this link is switched off, so it is not handed out. Nothing was taken.</p>
<p>Ask whoever sent you the link. Once the key is switched on again, the link works until it expires.</p>`,
      };
    case 'withdrawn':
      return {
        title: 'This link is not needed any more',
        body: html`<p>The key that it was made for has been replaced or withdrawn, and nobody has taken it by this link.</p>
<p>If you have had a newer link, use that one. If not, ask whoever sent you this one.</p>`,
      };
  }
}

const takenPage = ({ version, takenAtMs }: TakenLink): Page => ({
  title: 'This key was taken already',
  alarming: true,
  body: html`<p>Version ${version} of the key was shown by this link on <strong>${moment(takenAtMs)}</strong>. It cannot be shown again.</p>
<h2>If that was you</h2>
<p>All is well: use the key that you stored. If you have lost it, ask whoever sent you the link for another.</p>
<h2>If it was not you</h2>
<p>Somebody else has the key. Report it now: it goes on record as a security event, and those who run the API can replace the key at once.</p>
${press('report', 'Report: it was not me', 'alarm')}`,
});

export const reportedPage = (disputedAtMs: number): Page => ({
  title: 'Reported',
  body: html`<p>It is on record since ${moment(disputedAtMs)} that the key of this link was taken by somebody else.</p>
<h2>What happens now</h2>
<ul>
<li>Those who run the API are to replace the key, and to send you another one.</li>
<li>Do not use this link again, and treat the message that it came in as read by others.</li>
<li>If you hear nothing, call them: by another way than that message.</li>
</ul>`,
});
