/** A raw mail as its reader's program takes it apart: headers unfolded and decoded, parts by their type. */

export interface ParsedMail {
  /** In the order in which they stand, names as they are written. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** By media type. */
  readonly parts: Readonly<Record<string, string>>;
}

export function parseMail(raw: Uint8Array): ParsedMail {
  const text = Buffer.from(raw).toString('latin1');
  if (/[^\r]\n|\r[^\n]/.test(text)) throw new Error('A line does not end with CRLF.');
  if (/[^\t\r\n\x20-\x7e]/.test(text)) throw new Error('Not pure ASCII.');
  const [headers, body] = split(text);
  return { headers, parts: Object.fromEntries(partsOf(headers, body)) };
}

/** The one header of this name. */
export function headerOf({ headers }: ParsedMail, name: string): string | undefined {
  const found = headers.filter(([own]) => own.toLowerCase() === name.toLowerCase());
  if (found.length > 1) throw new Error(`${found.length} headers ${name}.`);
  return found[0]?.[1];
}

type Headers = ParsedMail['headers'];

function split(text: string): [Headers, string] {
  const end = text.indexOf('\r\n\r\n');
  const lines = text
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  const headers = lines.map((line) => {
    const [, name, value] = /^([!-9;-~]+): ?(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) throw new Error(`No header: ${line}`);
    return [name, decodedWords(value)] as const;
  });
  return [headers, text.slice(end + 4)];
}

const decodedWords = (value: string): string =>
  value
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_all, encoding: string, text: string) =>
      (encoding.toLowerCase() === 'b'
        ? Buffer.from(text, 'base64')
        : quotedPrintable(text.replaceAll('_', ' '))
      ).toString('latin1'),
    )
    .replace(/[\x80-\xff]+/g, (bytes) => Buffer.from(bytes, 'latin1').toString('utf8'));

const quotedPrintable = (text: string): Buffer =>
  Buffer.from(
    text
      .replace(/=\r\n/g, '')
      .replace(/=([0-9A-F]{2})/gi, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );

function partsOf(headers: Headers, body: string): (readonly [string, string])[] {
  const type = headerOf({ headers, parts: {} }, 'content-type') ?? 'text/plain';
  const boundary = /boundary="?([^";]+)"?/i.exec(type)?.[1];
  if (boundary === undefined) return [[type.split(';')[0] as string, decodedBody(headers, body)]];
  const inner = `\r\n${body}`.split(`\r\n--${boundary}`).slice(1, -1);
  return inner.flatMap((part) => partsOf(...split(part.replace(/^\r\n/, ''))));
}

function decodedBody(headers: Headers, body: string): string {
  const encoding = headerOf({ headers, parts: {} }, 'content-transfer-encoding') ?? '7bit';
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8');
  return encoding === 'quoted-printable' ? quotedPrintable(body).toString('utf8') : body;
}
