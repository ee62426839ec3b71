/** An Item of RFC 9651 (Structured Field Values), read by the steps of its section 4.2. */

export type BareItem =
  | { readonly type: 'integer' | 'decimal' | 'date'; readonly value: number }
  | { readonly type: 'string' | 'token' | 'display-string'; readonly value: string }
  | { readonly type: 'bytes'; readonly value: Uint8Array }
  | { readonly type: 'boolean'; readonly value: boolean };

export interface StructuredItem {
  readonly item: BareItem;
  readonly parameters: ReadonlyMap<string, BareItem>;
}

class Malformed extends Error {}

/** @returns undefined for what is no Item as a whole: RFC 9651 has such a field ignored */
export function parseItem(field: string): StructuredItem | undefined {
  const input = new Input(field);
  try {
    input.skip(/ */y);
    const item = bareItem(input);
    const parameters = parametersOf(input);
    input.skip(/ */y);
    return input.isAtEnd ? { item, parameters } : undefined;
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}

class Input {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#text.length;
  }

  get next(): string {
    return this.#text.charAt(this.#at);
  }

  /** What a sticky pattern finds here; malformed when it finds nothing. */
  take(pattern: RegExp): RegExpExecArray {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (!match) throw new Malformed();
    this.#at = pattern.lastIndex;
    return match;
  }

  skip(pattern: RegExp): void {
    this.take(pattern);
  }

  takeIf(character: string): boolean {
    if (this.next !== character) return false;
    this.#at += 1;
    return true;
  }
}

/** Section 4.2.3.1. */
function bareItem(input: Input): BareItem {
  const { next } = input;
  if (/[-0-9]/.test(next)) return numberIn(input);
  if (next === '"') return { type: 'string', value: stringIn(input) };
  if (/[A-Za-z*]/.test(next))
    return { type: 'token', value: input.take(/[A-Za-z*][\w!#$%&'*+.^`|~:/-]*/y)[0] };
  if (next === ':') return { type: 'bytes', value: bytesIn(input) };
  if (next === '?') return { type: 'boolean', value: input.take(/\?([01])/y)[1] === '1' };
  if (next === '@') return dateIn(input);
  if (next === '%') return { type: 'display-string', value: displayStringIn(input) };
  throw new Malformed();
}

/** Section 4.2.4: 15 digits, or 12 before the point and three behind it. */
function numberIn(input: Input): BareItem {
  const [text, whole = '', fraction] = input.take(/-?(\d+)(?:\.(\d*))?/y);
  if (fraction === undefined) {
    if (whole.length > 15) throw new Malformed();
    return { type: 'integer', value: Number(text) };
  }
  if (whole.length > 12 || fraction.length < 1 || fraction.length > 3) throw new Malformed();
  return { type: 'decimal', value: Number(text) };
}

/** Section 4.2.9: whole seconds. */
function dateIn(input: Input): BareItem {
  input.takeIf('@');
  const seconds = numberIn(input);
  if (seconds.type !== 'integer') throw new Malformed();
  return { type: 'date', value: seconds.value };
}

/** Section 4.2.5: printable ASCII, a backslash before a quote or a backslash. */
const stringIn = (input: Input): string =>
  (input.take(/"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"/y)[1] as string).replaceAll(/\\(["\\])/g, '$1');

/** Section 4.2.7, which has padding made up where it lacks. */
function bytesIn(input: Input): Uint8Array {
  const base64 = (input.take(/:([A-Za-z0-9+/=]*):/y)[1] as string).replace(/=+$/, '');
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    throw new Malformed();
  }
}

/** Section 4.2.10: UTF-8, its bytes as two lower-case hexadecimal digits each. */
function displayStringIn(input: Input): string {
  const text = input.take(/%"((?:[\x20\x21\x23\x24\x26-\x7e]|%[0-9a-f]{2})*)"/y)[1] as string;
  const bytes = [...text.matchAll(/%([0-9a-f]{2})|./g)].map(([one, hexadecimal]) =>
    hexadecimal === undefined ? one.charCodeAt(0) : Number.parseInt(hexadecimal, 16),
  );
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes));
  } catch {
    throw new Malformed();
  }
}

/** Section 4.2.3.2: of a name that comes twice the last one counts. */
function parametersOf(input: Input): ReadonlyMap<string, BareItem> {
  const parameters = new Map<string, BareItem>();
  while (input.takeIf(';')) {
    input.skip(/ */y);
    const [name] = input.take(/[a-z*][a-z0-9_.*-]*/y);
    const value: BareItem = input.takeIf('=') ? bareItem(input) : { type: 'boolean', value: true };
    parameters.set(name, value);
  }
  return parameters;
}
