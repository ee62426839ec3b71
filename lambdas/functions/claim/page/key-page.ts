/** The one page that shows a key. */
import type { Plaintext } from '../../../core/domain/plaintext.ts';
import type { ClaimedKey } from '../../../core/use-cases/take-by-link.ts';
import { type Html, html } from '../../page-html.ts';
import type { Page } from './layout.ts';
import { moment } from './moment.ts';

export const keyPage = (key: Plaintext, about: ClaimedKey): Page => ({
  title: 'Your new API key',
  copies: true,
  body: html`<p class="note" id="once"><strong>Shown this once.</strong> Store it before you close or reload this page: nobody can show it again.</p>
<label class="label" for="key">API key</label>
<textarea id="key" readonly rows="3" cols="30" spellcheck="false" autocomplete="off" autocapitalize="off" translate="no" aria-describedby="once">${key.reveal()}</textarea>
<div class="copying"><button type="button" id="copy" hidden>Copy the key</button><output id="copied"></output></div>
<dl>
<dt>Name</dt><dd><bdi>${about.name}</bdi></dd>
<dt>Key id</dt><dd><code translate="no">${about.keyId}</code></dd>
<dt>Version</dt><dd>${about.version}</dd>
<dt>Environment</dt><dd>${about.environment}</dd>
</dl>
<h2>What to do now</h2>
<ol>
<li>Store the key where you keep secrets. Never put it into code, a mail or a chat.</li>
<li>Give it to your client, which sends it as <code>Authorization: Bearer</code> and the key.</li>
${earlier(about)}
</ol>`,
});

function earlier({ version, previous }: ClaimedKey): Html | undefined {
  if (previous) {
    return html`<li>Switch before <strong>${moment(previous.expiresAtMs)}</strong>. Until then version ${previous.version}, which you use now, is accepted as well.</li>`;
  }
  return version > 1
    ? html`<li>Switch now: earlier versions of the key are not accepted any more.</li>`
    : undefined;
}
