/** Links by which an address leaves a kind of mail: good for this address, this kind, this deployment, and nothing else. */
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type LeavingParts,
  readLeaving,
  unsubscribeUrl,
} from '../../../lambdas/core/domain/unsubscribe-link.ts';
import { isLeavable, MAIL_KINDS } from '../../../rules/mail-kinds.ts';

const SECRET = new TextEncoder().encode('s'.repeat(64));
const API = 'https://keys.example.com/keys';
const LEAVING = { kind: 'retired', address: 'Team@example.com' } as const;
const b64 = (text: string) => Buffer.from(text).toString('base64url');

function partsOf(url: string): LeavingParts {
  const [kind, address, code] = new URL(url).pathname.split('/').slice(-3);
  return { kind, address, code };
}
const parts = partsOf(unsubscribeUrl(API, SECRET, LEAVING, 'de'));

describe('a link', () => {
  it('says what it is for, in the words of a language, and is read again', () => {
    const url = unsubscribeUrl(API, SECRET, LEAVING, 'de');
    expect(url).toMatch(
      /^https:\/\/keys\.example\.com\/keys\/unsubscribe\/retired\/[\w-]+\/[\w-]{43}\?lang=de$/,
    );
    expect(readLeaving(SECRET, parts)).toEqual(LEAVING);
  });

  it('is good for the address however it is written', () => {
    const lower = unsubscribeUrl(API, SECRET, { ...LEAVING, address: 'team@example.com' }, 'de');
    expect(partsOf(lower).code).toBe(parts.code);
  });

  it.each<[string, LeavingParts]>([
    ['another address', { ...parts, address: b64('other@example.com') }],
    ['another kind', { ...parts, kind: 'reminder' }],
    ['a kind that cannot be left', { ...parts, kind: 'emergency' }],
    ['what is no kind', { ...parts, kind: 'constructor' }],
    ['what is no address', { ...parts, address: b64('x') }],
    ['an address with a line break', { ...parts, address: b64('a@example.com\nretired') }],
    ['no code', { ...parts, code: undefined }],
    ['an empty code', { ...parts, code: '' }],
    ['half a code', { ...parts, code: parts.code?.slice(0, 20) }],
    ['a code and more', { ...parts, code: `${parts.code}AAAA` }],
    ['nothing', {}],
  ])('is none with %s', (_what, other) => {
    expect(readLeaving(SECRET, other)).toBeUndefined();
  });

  it('is none under another secret, and the secret itself makes none without its label', () => {
    expect(readLeaving(new TextEncoder().encode('t'.repeat(64)), parts)).toBeUndefined();
    const code = createHmac('sha256', SECRET).update('retired\nteam@example.com').digest('base64url');
    expect(readLeaving(SECRET, { ...parts, code })).toBeUndefined();
  });

  it('holds for every kind that may be left, and no other can be made up', () => {
    for (const kind of MAIL_KINDS.filter(isLeavable)) {
      const url = unsubscribeUrl(API, SECRET, { kind, address: 'a@example.com' }, 'en');
      expect(readLeaving(SECRET, partsOf(url))).toEqual({ kind, address: 'a@example.com' });
    }
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (kind, address, code) => {
        expect(readLeaving(SECRET, { kind, address, code })).toBeUndefined();
      }),
    );
  });
});
