/** The claim pages as HTML: escaped, whole, and each with the words that its reader needs. */
import { describe, expect, it } from 'vitest';
import { Plaintext } from '../../../lambdas/core/domain/plaintext.ts';
import { keyPage } from '../../../lambdas/functions/claim/page/key-page.ts';
import { documentOf, type Page } from '../../../lambdas/functions/claim/page/layout.ts';
import { moment } from '../../../lambdas/functions/claim/page/moment.ts';
import * as refusals from '../../../lambdas/functions/claim/page/refusal-pages.ts';
import { reportedPage, spentPage } from '../../../lambdas/functions/claim/page/spent-pages.ts';
import { startPage } from '../../../lambdas/functions/claim/page/start-page.ts';
import { press } from '../../../lambdas/functions/page-document.ts';
import { Html, html } from '../../../lambdas/functions/page-html.ts';

const AT_MS = Date.parse('2026-11-23T20:41:07.120Z');
const SHOWN = '<time datetime="2026-11-23T20:41:07.120Z">23 November 2026, 20:41 UTC</time>';
const key = new Plaintext('mk_live_key');
const about = { keyId: 'FF05xY0L9hQm', name: 'Agent', environment: 'live', version: 3 } as const;

const PAGES: Readonly<Record<string, Page>> = {
  start: startPage(),
  key: keyPage(key, about),
  taken: spentPage({ outcome: 'taken', version: 3, takenAtMs: AT_MS }),
  expired: spentPage({ outcome: 'expired', version: 3, expiredAtMs: AT_MS }),
  disabled: spentPage({ outcome: 'disabled', version: 3 }),
  withdrawn: spentPage({ outcome: 'withdrawn', version: 3 }),
  reported: reportedPage(AT_MS),
  ...refusals,
};

describe('a template', () => {
  it('escapes what is put into it, in text and in attributes', () => {
    const evil = `<script>"'&`;
    expect(html`<p title="${evil}">${evil}</p>`.text).toBe(
      '<p title="&lt;script&gt;&quot;&#39;&amp;">&lt;script&gt;&quot;&#39;&amp;</p>',
    );
  });

  it('takes HTML as it is, lists one after the other, numbers, and nothing for nothing', () => {
    expect(html`${new Html('<i>')}${[html`<b>`, '<']}${7}${undefined}`.text).toBe('<i><b>&lt;7');
  });
});

describe.each(Object.entries(PAGES))('the page %s', (_name, page) => {
  const document = documentOf(page);

  it('is a whole document in English with one heading, which is its title', () => {
    expect(document).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(document.match(/<h1>([^<]*)<\/h1>/g)).toEqual([`<h1>${page.title}</h1>`]);
    expect(document).toContain(`<title>${page.title}</title>`);
    expect(document.match(/<main>/g)).toHaveLength(1);
    expect(document).toContain('name="viewport" content="width=device-width, initial-scale=1"');
    expect(document).not.toMatch(/undefined|\[object|NaN/);
  });

  it('has the script where there is a key to copy, and nowhere else', () => {
    expect(document.includes('<script>')).toBe(page.copies === true);
  });
});

describe('a page', () => {
  it('that offers something sends one word to its own address', () => {
    expect(press('report', 'Report', 'alarm').text).toBe(
      '<form method="post"><button type="submit" name="action" value="report" class="alarm">Report</button></form>',
    );
  });

  it('says times in UTC, for people and for programs', () => {
    expect(moment(AT_MS).text).toBe(SHOWN);
  });

  it('of a taken key says when, and offers to report it; of a reported one says since when', () => {
    expect(documentOf(PAGES['taken'] as Page)).toContain(SHOWN);
    expect(documentOf(PAGES['taken'] as Page)).toContain('value="report"');
    const reported = spentPage({ outcome: 'taken', version: 3, takenAtMs: 0, disputedAtMs: AT_MS });
    expect(reported).toEqual(PAGES['reported']);
    expect(documentOf(reported)).toContain(SHOWN);
    expect(documentOf(reported)).not.toContain('<form');
  });

  it('of an expired link says since when', () => {
    expect(documentOf(PAGES['expired'] as Page)).toContain(SHOWN);
  });
});

describe('the page of the key', () => {
  const bodyOf = (more: object = {}) => keyPage(key, { ...about, ...more }).body.text;

  it('has it in a field that is read only, named, and that no browser checks, fills or translates', () => {
    const [field] = /<textarea[^>]*>[^<]*<\/textarea>/.exec(bodyOf()) ?? [];
    expect(field).toContain('>mk_live_key<');
    for (const attribute of [
      'id="key"',
      'readonly',
      'spellcheck="false"',
      'autocomplete="off"',
      'translate="no"',
    ]) {
      expect(field).toContain(attribute);
    }
    expect(bodyOf()).toContain('<label class="label" for="key">');
    expect(bodyOf()).toContain('id="copy" hidden');
  });

  it('says until when the version before is accepted, or that none is', () => {
    const rotated = bodyOf({ previous: { version: 2, expiresAtMs: AT_MS } });
    expect(rotated).toContain(SHOWN);
    expect(rotated).toContain('version 2');
    expect(bodyOf()).toContain('not accepted any more');
    expect(bodyOf({ version: 1 })).not.toContain('not accepted any more');
  });
});
