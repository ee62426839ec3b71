/** What every picture has: a name, a description with its figures, a caption; patterns beside colours. */
import { type Html, html } from '../../../../lambdas/functions/page-html.ts';

export const WIDTH = 640;

export interface Picture {
  readonly id: string;
  readonly title: string;
  /** The same figures in words. */
  readonly says: string;
  readonly height: number;
  readonly drawing: Html | readonly Html[];
  readonly legend?: readonly LegendItem[];
}

export interface LegendItem {
  /** Of the style sheet: `s-completed`. */
  readonly mark: string;
  readonly label: string;
}

/** A picture is no more than its description to who cannot see it. */
export const figure = ({ id, title, says, height, drawing, legend }: Picture): Html =>
  html`<figure>
<div class="scroll" role="region" tabindex="0" aria-label="${title} (picture)"><svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="${id}-t ${id}-d" focusable="false">
<title id="${id}-t">${title}</title><desc id="${id}-d">${says}</desc>
${patterns(id)}
${drawing}
</svg></div>
${legend && legend.length > 0 ? html`<ul class="legend">${legend.map((item) => legendOf(item))}</ul>` : undefined}
<figcaption>${title}. ${says}</figcaption>
</figure>`;

const legendOf = ({ mark, label }: LegendItem): Html =>
  html`<li><svg viewBox="0 0 20 14" aria-hidden="true" focusable="false"><g class="plain"><rect class="${mark}" x="0.5" y="0.5" width="19" height="13"/>${hatching(mark)}</g></svg>${label}</li>`;

/** Drawn into the mark itself, so that it needs no pattern of another picture. */
function hatching(mark: string): Html | undefined {
  if (mark === 's-warn') return html`<path class="hatch" d="M1 13 13 1M7 13 19 1"/>`;
  if (mark === 's-bad') return html`<path class="hatch" d="M1 13 13 1M7 13 19 1M1 1l12 12M7 1l12 12"/>`;
  return undefined;
}

/** Colour alone says nothing to many: what is not as it should be is hatched too. */
const patterns = (id: string): Html =>
  html`<defs><pattern id="${id}-warn" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="hatch" d="M0 0V6"/></pattern><pattern id="${id}-bad" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="hatch" d="M0 0V6M0 0H6"/></pattern></defs>`;

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export type Kind = 'good' | 'warn' | 'bad';

const round = (value: number): number => Math.round(value * 100) / 100;

/** A bar in its colour, hatched where that is not the good one. */
export function bar(id: string, kind: Kind, { x, y, width, height }: Box): Html {
  if (width <= 0 || height <= 0) return html``;
  const box = [round(x), round(y), round(width), round(height)] as const;
  const rect = (paint: Html) =>
    html`<rect ${paint} x="${box[0]}" y="${box[1]}" width="${box[2]}" height="${box[3]}"/>`;
  const filled = rect(html`class="s-${kind}"`);
  return kind === 'good' ? filled : html`${filled}${rect(html`fill="url(#${id}-${kind})"`)}`;
}

export const line = (x1: number, y1: number, x2: number, y2: number, style: string): Html =>
  html`<line class="${style}" x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}"/>`;

export const label = (x: number, y: number, text: string | number, style = ''): Html =>
  html`<text class="${style}" x="${round(x)}" y="${round(y)}">${text}</text>`;

/** What stands where there is nothing to draw. */
export const nothing = (title: string, why: string): Html => html`<p class="empty">${title}: ${why}</p>`;
