/** Pages as HTTP answers that nobody may keep, frame, index, or follow back. */
import { createHash } from 'node:crypto';
import { STYLE } from '../page-style.ts';
import { COPY_SCRIPT } from './page/copy-script.ts';
import { documentOf, type Page } from './page/layout.ts';

export interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const sourceOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

const POLICY = [
  "default-src 'none'",
  `style-src ${sourceOf(STYLE)}`,
  `script-src ${sourceOf(COPY_SCRIPT)}`,
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

export const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': POLICY,
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  'x-robots-tag': 'noindex, nofollow',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'strict-transport-security': 'max-age=31536000',
} as const;

export const answer = (
  statusCode: number,
  page: Page,
  headers: Readonly<Record<string, string>> = {},
): HttpAnswer => ({ statusCode, headers: { ...HEADERS, ...headers }, body: documentOf(page) });
