import { describe, expect, it } from 'vitest';
import { parseVaultAddress } from '../../../rules/vault-address.ts';

describe('the address of a vault', () => {
  it.each([
    ['https://vault.example.com:8200', 'https://vault.example.com:8200'],
    ['https://vault.example.com/', 'https://vault.example.com'],
    ['https://example.com/team/vault//', 'https://example.com/team/vault'],
    ['http://127.0.0.1:8200', 'http://127.0.0.1:8200'],
    ['http://localhost:8200', 'http://localhost:8200'],
    ['http://[::1]:8200', 'http://[::1]:8200'],
    ['http://127.3.2.1', 'http://127.3.2.1'],
  ])('%s is taken as %s', (text, value) => {
    expect(parseVaultAddress(text)).toEqual({ ok: true, value });
  });

  it.each([
    ['vault.example.com', /is no URL/, /https:\/\/vault\.example\.com:8200/],
    ['', /is no URL/, /Write one/],
    [undefined, /is no URL/, /Write one/],
    ['ftp://vault.example.com', /is not of HTTPS/, /Write one/],
    ['http://vault.example.com', /without TLS: keys and tokens would be readable/, /set allowHttp if/],
    ['http://127.0.0.1.example.com', /without TLS/, /allowHttp/],
    ['http://localhost.example.com', /without TLS/, /allowHttp/],
    ['http://10.0.0.7:8200', /without TLS/, /allowHttp/],
    ['https://vault.example.com/?x=1', /has a query or a fragment/, /Write one/],
    ['https://vault.example.com/#x', /has a query or a fragment/, /Write one/],
  ])('%s is refused', (text, wrong, mend) => {
    const parsed = parseVaultAddress(text);
    expect(parsed).toMatchObject({ ok: false });
    if (parsed.ok) return;
    expect(parsed.message).toMatch(wrong);
    expect(parsed.hint).toMatch(mend);
  });

  it('with a password is refused without repeating it', () => {
    const parsed = parseVaultAddress('https://user:hunter2@vault.example.com');
    expect(parsed).toMatchObject({ ok: false, hint: 'Put credentials into the secret.' });
    expect(JSON.stringify(parsed)).not.toContain('hunter2');
  });

  it('without TLS is taken where it is allowed, and where it cannot be anything else', () => {
    expect(parseVaultAddress('http://vault.internal:8200', true)).toMatchObject({ ok: true });
    expect(parseVaultAddress('ftp://vault.internal', true)).toMatchObject({ ok: false });
  });
});
