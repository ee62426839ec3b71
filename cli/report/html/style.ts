/** The dress of the report: on phones, desks and A4, light and dark; on paper always light. Nothing from elsewhere. */

const LIGHT = `
  --ground: #ffffff; --sheet: #f6f7f5; --ink: #191d21; --quiet: #525a62; --line: #d5dad5; --grid: #e6e9e6;
  --accent: #0b5d5a; --good: #3d7ea6; --warn: #e5a93c; --bad: #c1440e; --hatch: #191d21; --alarm: #9c1f14;
  --c0: #0b5d8f; --c1: #b4530a; --c2: #1a7f5a; --c3: #8a3c86; --c4: #5a5f00; --c5: #a32a3f; --c6: #3f4fb5; --c7: #5b4636;`;

const DARK = `
  --ground: #14181a; --sheet: #1c2124; --ink: #e9ecec; --quiet: #a9b2b7; --line: #394146; --grid: #2a3135;
  --accent: #6dcfc3; --good: #62a8d6; --warn: #e5b04b; --bad: #ef7d4d; --hatch: #14181a; --alarm: #ff9d8f;
  --c0: #7cc0ee; --c1: #f2a56b; --c2: #6fd1a8; --c3: #dba0d8; --c4: #cfd36a; --c5: #f49aa9; --c6: #aab4ff; --c7: #cfb9a6;`;

const CURVES = [0, 1, 2, 3, 4, 5, 6, 7]
  .map((index) => `.c${index} { stroke: var(--c${index}); } .mark-c${index} { fill: var(--c${index}); }`)
  .join('\n');

export const STYLE = `
:root { color-scheme: light dark; ${LIGHT} }
@media screen and (prefers-color-scheme: dark) { :root { ${DARK} } }
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; background: var(--ground); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
.page { max-width: 70rem; margin: 0 auto; padding: 1.25rem 1rem 3rem; }
header { border-bottom: 2px solid var(--ink); padding-bottom: 1.25rem; margin-bottom: 1.5rem; }
.brand { margin: 0 0 .25rem; color: var(--accent); font-weight: 600; letter-spacing: .02em; }
h1 { margin: 0 0 .5rem; font-size: 1.9rem; line-height: 1.15; letter-spacing: -.02em; text-wrap: balance; }
h2 { margin: 2.75rem 0 .5rem; font-size: 1.35rem; line-height: 1.25; letter-spacing: -.01em; }
h3 { margin: 1.75rem 0 .4rem; font-size: 1.05rem; line-height: 1.35; }
p, ul, ol, dl { margin: 0 0 1rem; }
p, li, figcaption, caption, h3 { overflow-wrap: anywhere; }
a { color: var(--accent); text-underline-offset: .15em; }
code { font: .86em ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
.period { font-size: 1.15rem; font-weight: 600; margin: 0 0 .25rem; }
.lead, .quiet, figcaption, .empty, .note, .about { color: var(--quiet); }
.empty { border: 1px dashed var(--line); border-radius: 8px; padding: .7rem .9rem; }
.note { font-size: .9rem; }
.tiles { display: grid; grid-template-columns: repeat(4, 1fr); gap: .75rem; margin: 0 0 1.5rem; padding: 0; list-style: none; }
.tiles li { border: 1px solid var(--line); border-radius: 10px; padding: .8rem .95rem; background: var(--sheet); }
.tiles strong { display: block; font-size: 1.5rem; line-height: 1.2; letter-spacing: -.01em; font-variant-numeric: tabular-nums; }
.tiles .alarming { border-left: 5px solid var(--alarm); }
.tiles .alarming strong { color: var(--alarm); }
.tiles span { color: var(--quiet); font-size: .9rem; }
nav h2 { margin-top: 0; font-size: 1.05rem; }
nav ol { columns: 2; column-gap: 2rem; padding-left: 1.4rem; }
nav li { break-inside: avoid; padding: .1rem 0; }
.scroll { overflow-x: auto; margin: 0 0 1rem; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; line-height: 1.4; }
caption { text-align: left; font-weight: 600; padding: .35rem 0 .5rem; max-width: calc(100vw - 2rem); }
th, td { text-align: left; vertical-align: top; padding: .4rem .8rem .4rem 0; border-bottom: 1px solid var(--line); }
thead th { border-bottom: 2px solid var(--ink); font-weight: 600; vertical-align: bottom; }
tbody th { font-weight: 600; }
th:last-child, td:last-child { padding-right: 0; }
td { max-width: 22rem; overflow-wrap: break-word; }
.text { min-width: 11rem; }
time span, td code, th code { white-space: nowrap; }
th.name { overflow-wrap: break-word; max-width: 22rem; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
thead .number { white-space: normal; }
.standing { white-space: nowrap; }
.standing.overdue, .standing.unknown-policy { color: var(--alarm); font-weight: 700; }
.facts { display: grid; grid-template-columns: minmax(9rem, max-content) 1fr; gap: .35rem 1.25rem; }
.facts dt { color: var(--quiet); }
.facts dd { margin: 0; overflow-wrap: anywhere; }
figure { margin: 1.25rem 0 1.5rem; }
figure svg { display: block; width: 100%; min-width: 34rem; max-width: 48rem; height: auto; }
figcaption { font-size: .9rem; }
.legend { display: flex; flex-wrap: wrap; gap: .35rem 1.25rem; margin: .25rem 0 .5rem; padding: 0; list-style: none; font-size: .9rem; }
.legend li { display: flex; align-items: center; gap: .45rem; }
.legend svg { width: 20px; min-width: 20px; height: 14px; }
svg text { fill: var(--ink); font: 12px system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif; }
svg .tick, svg .note-end { fill: var(--quiet); }
svg .mid { text-anchor: middle; }
svg .end, svg .note-end { text-anchor: end; }
svg .value { font-weight: 600; font-size: 11.5px; }
svg .name { font-weight: 600; }
svg .mono { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: 11.5px; }
.axis { stroke: var(--ink); stroke-width: 1; }
.grid { stroke: var(--grid); stroke-width: 1; }
.bound { stroke: var(--alarm); stroke-width: 2; stroke-dasharray: 6 4; }
.s-good { fill: var(--good); } .s-warn { fill: var(--warn); } .s-bad { fill: var(--bad); }
.hatch { stroke: var(--hatch); stroke-width: 1.4; fill: none; }
.curve { fill: none; stroke-width: 2; }
${CURVES}
.control { border-top: 1px solid var(--line); padding-top: .25rem; }
.control h3 { margin-top: .75rem; }
.limit { border-left: 4px solid var(--line); padding-left: .8rem; }
.command { overflow-x: auto; margin: 0 0 1rem; padding: .7rem .9rem; border-radius: 8px; background: var(--sheet); border: 1px solid var(--line); }
footer { margin-top: 3rem; border-top: 1px solid var(--line); padding-top: 1rem; color: var(--quiet); font-size: .9rem; }
@media (max-width: 40rem) {
  h1 { font-size: 1.55rem; }
  nav ol { columns: 1; }
  .facts { grid-template-columns: 1fr; gap: 0; }
  .facts dd { margin-bottom: .6rem; }
  .tiles { grid-template-columns: 1fr 1fr; }
}
@page { size: A4; margin: 16mm 14mm 18mm; @bottom-right { content: counter(page) " / " counter(pages); font: 8pt sans-serif; } }
@media print {
  :root { color-scheme: light; }
  html { font-size: 9.5pt; }
  body { background: none; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .page { max-width: none; padding: 0; }
  h1 { font-size: 20pt; } h2 { font-size: 14pt; margin-top: 1.8rem; } h3 { font-size: 11pt; }
  h2, h3, caption, .lead { break-after: avoid; }
  .lead, .few, .note, .empty { break-inside: avoid; }
  .scroll { overflow: visible; }
  table { font-size: 7.5pt; }
  th, td { padding: .25rem .45rem .25rem 0; }
  td { max-width: none; }
  td.name, th.name { min-width: 1.9cm; overflow-wrap: anywhere; }
  .text { min-width: 1.9cm; overflow-wrap: anywhere; }
  caption { max-width: none; }
  .standing { white-space: normal; }
  td.number { white-space: normal; }
  thead { display: table-header-group; }
  tbody tr:first-child { break-before: avoid; }
  tr, figure, .tiles li, .control, .facts dd { break-inside: avoid; }
  figure svg { min-width: 0; max-width: 100%; max-height: 9.5cm; }
  .tiles { grid-template-columns: repeat(4, 1fr); }
  nav ol { columns: 2; }
  .facts { grid-template-columns: minmax(4cm, max-content) 1fr; gap: .35rem 1.25rem; }
  .facts dd { margin: 0; }
  td code, th code { overflow-wrap: normal; }
  a { color: inherit; text-decoration: none; }
}
`;
