/** What whoever has no right link is told: nothing of any key. */
import { html } from '../../page-html.ts';
import type { Page } from './layout.ts';

export const WRONG_LINK: Page = {
  title: 'This link does not work',
  alarming: true,
  body: html`<ul>
<li>Is it whole? Some mail programs break long links: copy it from the message into the address bar, to its last letter.</li>
<li>Is it the latest? A newer link replaces the one before it.</li>
</ul>
<p>If neither helps, ask whoever sent you the link for a new one.</p>`,
};

export const TOO_MANY_TRIES: Page = {
  title: 'Too many links that do not work',
  alarming: true,
  body: html`<p>Too many wrong links were tried here within this hour. Until the next one begins, wrong links get no other answer than this; the right one, whole and the latest, works all the same.</p>
<p>If you have no other, ask whoever sent you the link for a new one.</p>`,
};

export const NOT_FROM_HERE: Page = {
  title: 'Open the link itself',
  alarming: true,
  body: html`<p>This did not come from the page of the link. Nothing was taken.</p>
<p>Open the link from your message, and press the button there.</p>`,
};

export const FAULT: Page = {
  title: 'That did not work',
  alarming: true,
  body: html`<p>The fault is ours. Open the link again in a minute.</p>
<p>Should it then say that the key was taken already, it was lost on its way to you: ask whoever sent you the link for another.</p>`,
};
