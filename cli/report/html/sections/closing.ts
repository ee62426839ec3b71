/** Controls, what the report does not show, and how to check it. */
import type { Report } from '../../../../lambdas/core/domain/report/report.ts';
import { type Html, html } from '../../../../lambdas/functions/page-html.ts';
import type { Section } from '../section.ts';
import { number, time } from '../words.ts';

export const controls = (report: Report): Section => ({
  id: 'controls',
  title: 'Figures by control',
  lead: 'Which figures bear on which control, in our own words and by the publishers’ numbers. This is evidence of how API keys were managed. It is no certification: whether a control is met is for an assessor, who sees more than keys.',
  body: report.controls.map(
    ({ framework, control, about, evidence, limit }) => html`<article class="control">
<h3>${framework}: ${control}</h3>
<p class="about">${about}</p>
<ul>${evidence.map((each) => html`<li>${each}</li>`)}</ul>
<p class="limit"><strong>Limits:</strong> ${limit}</p>
</article>
`,
  ),
});

export const limits = (report: Report): Section => ({
  id: 'limits',
  title: 'What this report does not show',
  lead: 'Nothing here is estimated. What the record cannot tell is left out, and said:',
  body: html`<ul>${report.limits.map((limit) => html`<li>${limit}</li>`)}</ul>`,
});

export const origin = (report: Report, sha256: string): Section => ({
  id: 'origin',
  title: 'What it was made from, and how to check it',
  lead: 'The figures are those of the data that this file carries. Changed figures are found by making the file anew from its data, and changed data by making the report anew from the record.',
  body: html`<pre class="command"><code>keyturn report check &lt;this file&gt;</code></pre>
<dl class="facts wide">
<dt>SHA-256 of the report</dt><dd><code>${sha256}</code></dd>
<dt>Events</dt><dd>${number(report.record.events.count)} of ${number(report.record.events.chains)} chains</dd>
<dt>SHA-256 over their hashes</dt><dd><code>${report.record.events.sha256}</code></dd>
<dt>First event</dt><dd>${markOf(report.record.events.first)}</dd>
<dt>Last event</dt><dd>${markOf(report.record.events.last)}</dd>
<dt>Keys read</dt><dd>${time(report.standing.readFrom)} to ${time(report.standing.readTo)}</dd>
${digestOf(report.digest)}
<dt>Made</dt><dd>${time(report.made.at)} by ${report.made.by}, with Keyturn ${report.made.version}</dd>
<dt>Deployment</dt><dd>${report.made.stack}, ${report.made.place}</dd>
</dl>`,
});

const markOf = (mark: Report['record']['events']['first']): Html | string =>
  mark ? html`${time(mark.at)}, ${mark.chain} no. ${mark.sequence}<br><code>${mark.hash}</code>` : 'none';

const digestOf = (digest: Report['digest']): Html =>
  digest
    ? html`<dt>Signed digest of</dt><dd>${digest.date}</dd>
<dt>Its SHA-256</dt><dd><code>${digest.sha256}</code></dd>
<dt>Its signature</dt><dd><code>${digest.signature}</code></dd>
<dt>Fingerprint of the signing key</dt><dd><code>${digest.keyFingerprint}</code></dd>`
    : html`<dt>Signed digest</dt><dd>none up to the end of the period</dd>`;
