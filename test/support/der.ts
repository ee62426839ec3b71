/** DER (ITU-T X.690), as far as a certificate needs it. */

type Item = Uint8Array;

const CONTEXT = 0x80;
const CONSTRUCTED = 0x20;

/** The length in one byte, or in as many as the first one says. */
function lengthOf({ length }: Item): Item {
  if (length < 0x80) return Uint8Array.of(length);
  const bytes = length < 0x100 ? [length] : [length >> 8, length & 0xff];
  return Uint8Array.of(0x80 | bytes.length, ...bytes);
}

const item = (tag: number, content: Item): Item =>
  Buffer.concat([Uint8Array.of(tag), lengthOf(content), content]);

export const sequence = (...items: readonly Item[]): Item => item(0x30, Buffer.concat(items));
export const set = (...items: readonly Item[]): Item => item(0x31, Buffer.concat(items));
/** @param bytes of a positive number whose first bit is not set */
export const integer = (...bytes: readonly number[]): Item => item(0x02, Uint8Array.from(bytes));
export const truth = (): Item => item(0x01, Uint8Array.of(0xff));
export const octets = (content: Item): Item => item(0x04, content);
/** Of whole bytes. */
export const bits = (content: Item): Item => item(0x03, Buffer.concat([Uint8Array.of(0), content]));
export const text = (value: string): Item => item(0x0c, Buffer.from(value));
/** In UTC, to the second, of the years until 2049: `261123140000Z`. */
export const time = (atMs: number): Item =>
  item(0x17, Buffer.from(`${new Date(atMs).toISOString().slice(2, 19).replace(/[-:T]/g, '')}Z`));
export const tagged = (number: number, content: Item): Item => item(CONTEXT | number, content);
export const taggedWhole = (number: number, content: Item): Item =>
  item(CONTEXT | CONSTRUCTED | number, content);

/** Such as `2.5.29.17`; each number after the second in groups of seven bits. */
export function objectId(dotted: string): Item {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const groups = (number: number): number[] =>
    number < 0x80 ? [number] : [...groups(number >> 7).map((each) => each | 0x80), number & 0x7f];
  return item(0x06, Uint8Array.from([first * 40 + second, ...rest.flatMap(groups)]));
}
