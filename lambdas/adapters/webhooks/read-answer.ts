/** The little of an answer that is of interest: its status, when to come again, and its first words. */
import type { IncomingMessage } from 'node:http';
import { cutText } from '../../../rules/free-text.ts';
import { withoutKeys } from '../../../rules/without-keys.ts';

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly retryAfterMs?: number;
}

const MOST_BYTES = 1_024;
const LONGEST_TEXT = 200;
/** The status has said it all. */
const READ_MS = 1_000;

/** Reads a kilobyte within a second at most, whatever more would come. Never rejects. */
export function readAnswer(response: IncomingMessage, nowMs = Date.now()): Promise<Answer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const timer = setTimeout(() => end(), READ_MS);
    const end = () => {
      clearTimeout(timer);
      resolve({
        status: response.statusCode ?? 0,
        body: cleaned(Buffer.concat(chunks).subarray(0, MOST_BYTES)),
        ...retryAfter(response.headers['retry-after'], nowMs),
      });
      response.destroy();
    };
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= MOST_BYTES) end();
    });
    response.on('end', end);
    response.on('error', end);
    response.on('close', end);
  });
}

/** On one line, without what would move a terminal's cursor or forge a line of a log. */
const cleaned = (bytes: Buffer): string =>
  cutText(
    withoutKeys(bytes.toString('utf8'))
      .replace(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, ' ')
      .trim(),
    LONGEST_TEXT,
  );

/** In seconds or as a date (RFC 9110, 10.2.3); anything else says nothing. */
function retryAfter(value: string | undefined, nowMs: number): { readonly retryAfterMs?: number } {
  if (value === undefined) return {};
  if (/^\d{1,9}$/.test(value)) return { retryAfterMs: Number(value) * 1000 };
  const atMs = /^[A-Za-z]{3}, /.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(atMs) ? {} : { retryAfterMs: Math.max(0, atMs - nowMs) };
}
