/** The report as one page: no script to read it, nothing from elsewhere, its data in it. The same report makes the same bytes. */
import { createHash } from 'node:crypto';
import type { Report } from '../../../lambdas/core/domain/report/report.ts';
import type { SealedReport } from '../../../lambdas/core/domain/report/report-hash.ts';
import { pageHead } from '../../../lambdas/functions/page-head.ts';
import { Html, html } from '../../../lambdas/functions/page-html.ts';
import { contentsOf, type Section, sectionOf } from './section.ts';
import { controls, limits, origin } from './sections/closing.ts';
import { deliveries, migrations } from './sections/deliveries.ts';
import { emergencies } from './sections/emergencies.ts';
import { policy } from './sections/policy.ts';
import { actors, keyChanges, security } from './sections/record.ts';
import { rotations } from './sections/rotations.ts';
import { STYLE } from './style.ts';
import { tilesOf } from './tiles.ts';
import { day, minute } from './words.ts';

export const DATA_ID = 'keyturn-report';

const styleHash = createHash('sha256').update(STYLE).digest('base64');
const POLICY = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'`;

export function reportPage(sealed: SealedReport): string {
  const { report, sha256 } = sealed;
  const sections = sectionsOf(report, sha256);
  const title = `Evidence report: API keys, ${day(report.period.from)} to ${lastDay(report.period)}`;
  return html`<!doctype html>
<html lang="en">
${pageHead({ title, style: STYLE, policy: POLICY })}
<body>
<div class="page">
<header>
<p class="brand">Keyturn</p>
<h1>Evidence report: API keys</h1>
<p class="period">${minute(report.period.from)} to ${minute(report.period.to)} UTC</p>
<p class="quiet">${report.made.stack}, ${report.made.place}. Made ${minute(report.made.at)} by ${report.made.by}. All times are UTC.</p>
</header>
<main>
${tilesOf(report)}
${contentsOf(sections)}
${sections.map(sectionOf)}</main>
<footer>
<p>Every figure comes from the audit record and from the keys as they stood. This is no certification.</p>
</footer>
</div>
<script type="application/json" id="${DATA_ID}">${dataOf(sealed)}</script>
</body>
</html>
`.text;
}

const sectionsOf = (report: Report, sha256: string): readonly Section[] => [
  rotations(report),
  emergencies(report),
  policy(report),
  migrations(report),
  deliveries(report),
  keyChanges(report),
  security(report),
  actors(report),
  controls(report),
  limits(report),
  origin(report, sha256),
];

/** The end is not in the period any more: of whole days the one before it is the last. */
const lastDay = ({ to }: Report['period']): string => day(new Date(Date.parse(to) - 1).toISOString());

/** No text in it can end the element that it stands in, or begin a comment. */
const dataOf = (sealed: SealedReport): Html =>
  new Html(
    JSON.stringify(sealed).replaceAll('<', '\\u003c').replaceAll('>', '\\u003e').replaceAll('&', '\\u0026'),
  );
