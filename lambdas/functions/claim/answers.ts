/** Pages as HTTP answers. */
import type { HttpAnswer } from '../http-answer.ts';
import { pageHeaders } from '../page-headers.ts';
import { COPY_SCRIPT } from './page/copy-script.ts';
import { documentOf, type Page } from './page/layout.ts';

const HEADERS = pageHeaders(COPY_SCRIPT);

export const answer = (
  statusCode: number,
  page: Page,
  headers: Readonly<Record<string, string>> = {},
): HttpAnswer => ({ statusCode, headers: { ...HEADERS, ...headers }, body: documentOf(page) });
