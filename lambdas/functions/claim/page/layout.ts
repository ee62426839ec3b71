/** What every page of claims has around its words. */
import { pageDocument } from '../../page-document.ts';
import { type Html, html } from '../../page-html.ts';
import { COPY_SCRIPT } from './copy-script.ts';

export interface Page {
  /** Also the page's heading. Says nothing of a key: it stays in the browser's history. */
  readonly title: string;
  readonly body: Html;
  /** Whether something is wrong. */
  readonly alarming?: boolean;
  /** Whether there is a key to copy on it. */
  readonly copies?: boolean;
}

const KEY = html`<svg class="mark" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false"><circle cx="7.5" cy="15.5" r="4.5"/><path d="m10.7 12.3 9.8-9.8M16 7l3 3M19 4l2.5 2.5"/></svg>`;
const SIGN = html`<svg class="mark" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false"><path d="M12 3 2.5 20h19L12 3Z"/><path d="M12 10v4.5M12 17.3v.01"/></svg>`;

export const documentOf = ({ title, body, alarming, copies }: Page): string =>
  pageDocument({
    language: 'en',
    title,
    body,
    mark: alarming ? SIGN : KEY,
    alarming,
    script: copies ? COPY_SCRIPT : undefined,
  });
