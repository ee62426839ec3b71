/** The one dress of every page: phone first, light and dark, nothing from elsewhere. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: #f3f4f1; --sheet: #ffffff; --ink: #1b1f23; --quiet: #565e66; --line: #d9ddd8; --field: #f7f8f6;
  --accent: #0b5d5a; --on-accent: #ffffff; --accent-strong: #084744;
  --warn-ground: #fdf4dc; --warn-line: #d9a514; --alarm: #a3201d; --on-alarm: #ffffff; --alarm-strong: #861916;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #121517; --sheet: #1b2023; --ink: #e9ecec; --quiet: #a7b0b5; --line: #343c41; --field: #12171a;
    --accent: #63c9bd; --on-accent: #06211f; --accent-strong: #86d9cf;
    --warn-ground: #2d2611; --warn-line: #c79a22; --alarm: #ff9c94; --on-alarm: #33100d; --alarm-strong: #ffb6b0;
  }
}
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; min-height: 100vh; min-height: 100dvh; background: var(--ground); color: var(--ink);
  font: 1.0625rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
main { max-width: 38rem; margin: 0 auto; padding: 1rem; }
.sheet {
  background: var(--sheet); border: 1px solid var(--line); border-radius: 14px; padding: 1.5rem 1.25rem 1.625rem;
}
.mark { display: block; width: 2.25rem; height: 2.25rem; margin: 0 0 1rem; color: var(--accent); }
.alarming .mark { color: var(--alarm); }
h1 { margin: 0 0 1rem; font-size: 1.625rem; line-height: 1.2; letter-spacing: -.015em; text-wrap: balance; }
h2 { margin: 1.75rem 0 .5rem; font-size: 1.125rem; line-height: 1.3; }
p, ul, ol, dl { margin: 0 0 1rem; }
p { overflow-wrap: anywhere; }
ul, ol { padding-left: 1.35rem; }
li { margin: 0 0 .5rem; padding-left: .2rem; }
li::marker { color: var(--quiet); }
form { margin: 1.5rem 0 0; }
.sheet > :last-child { margin-bottom: 0; }
.quiet { color: var(--quiet); font-size: .9375rem; }
.note {
  margin: 0 0 1.25rem; padding: .75rem .9rem; border-left: 4px solid var(--warn-line); border-radius: 6px;
  background: var(--warn-ground);
}
.label { display: block; margin: 0 0 .4rem; font-weight: 600; }
textarea, code { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace; }
textarea {
  display: block; width: 100%; padding: .8rem .9rem; border: 1px solid var(--quiet); border-radius: 10px;
  background: var(--field); color: var(--ink); font-size: 1.0625rem; line-height: 1.5; overflow-wrap: anywhere;
  word-break: break-all; resize: none; field-sizing: content;
}
code { font-size: .9em; overflow-wrap: anywhere; }
button {
  display: block; width: 100%; min-height: 3.25rem; padding: .7rem 1.4rem; border: 0; border-radius: 10px;
  background: var(--accent); color: var(--on-accent); font: inherit; font-weight: 600; cursor: pointer;
}
button[hidden] { display: none; }
button:hover, button:active { background: var(--accent-strong); }
button.alarm { background: var(--alarm); color: var(--on-alarm); }
button.alarm:hover, button.alarm:active { background: var(--alarm-strong); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
button.alarm:focus-visible { outline-color: var(--alarm); }
.copying { display: flex; flex-direction: column; gap: .5rem; margin: .75rem 0 1rem; }
.copying output { min-height: 1.5em; color: var(--quiet); font-size: .9375rem; }
dl { display: grid; grid-template-columns: auto 1fr; gap: .35rem 1.1rem; }
dt { color: var(--quiet); }
dd { margin: 0; overflow-wrap: anywhere; }
@media (min-width: 40rem) {
  main { padding: 4rem 1.5rem; }
  .sheet { padding: 2.5rem 2.75rem 2.75rem; }
  h1 { font-size: 1.875rem; }
  button { width: auto; }
  .copying { flex-direction: row; align-items: center; gap: 1rem; margin-bottom: 1.5rem; }
}
@media (prefers-reduced-motion: no-preference) { button { transition: background-color .12s ease-out; } }
@media print { body { background: none; } .sheet { border: 0; padding: 0; } button, .copying { display: none; } }
`;
