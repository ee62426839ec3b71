/** A numbered part of the report. */
import { type Html, html, type Part } from '../../../lambdas/functions/page-html.ts';

export interface Section {
  readonly id: string;
  readonly title: string;
  /** What it is about, and from where. */
  readonly lead: string;
  readonly body: Part;
}

export const sectionOf = ({ id, title, lead, body }: Section, index: number): Html =>
  html`<section id="${id}" aria-labelledby="${id}-h">
<h2 id="${id}-h">${index + 1}. ${title}</h2>
<p class="lead">${lead}</p>
${body}
</section>
`;

export const contentsOf = (sections: readonly Section[]): Html =>
  html`<nav aria-labelledby="contents"><h2 id="contents">Contents</h2><ol>${sections.map(
    ({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`,
  )}</ol></nav>`;
