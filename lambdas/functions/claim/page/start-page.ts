/** What everybody sees who opens a claim link, whether it is good or not. */

import { press } from '../../page-document.ts';
import { html } from '../../page-html.ts';
import type { Page } from './layout.ts';

export const startPage = (): Page => ({
  title: 'Take your API key',
  body: html`<p>If this link is good, the next page shows an API key, <strong>once</strong>. The link then stops working, and nobody can show the key again.</p>
<ul>
<li>Have the place ready where you will keep it: a password manager, a vault, or the settings of the client that will use it.</li>
<li>Opening this page has taken nothing. If this is not the moment, close it and come back.</li>
</ul>
${press('show', 'Show the key')}`,
});
