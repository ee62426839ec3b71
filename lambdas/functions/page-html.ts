/** HTML as a value: whatever is put into a template is escaped, unless it is HTML itself. */

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a template; nothing is nothing. */
export type Part = string | number | Html | undefined | readonly Part[];

/** `html`<p>${text}</p>``: attributes in a template must be quoted. */
export const html = (template: TemplateStringsArray, ...parts: readonly Part[]): Html =>
  new Html(
    template.map((text, at) => (at < parts.length ? text + rendered(parts[at] as Part) : text)).join(''),
  );

function rendered(part: Part): string {
  if (part === undefined) return '';
  if (part instanceof Html) return part.text;
  if (typeof part === 'object') return part.map(rendered).join('');
  return String(part).replace(/[&<>"']/g, (character) => ENTITIES[character] as string);
}
