import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeMcpHeaderValue,
  hasCheckedHeaders,
  readMcpHeaders,
  stripOptionalWhitespace,
} from '../../../lambdas/core/domain/mcp-headers.ts';

const wrap = (bytes: string | Uint8Array) => `=?base64?${Buffer.from(bytes).toString('base64')}?=`;

describe('decodeMcpHeaderValue', () => {
  it.each([
    ['echo', 'echo'],
    ['  echo\t', 'echo'],
    ['=?base64?ZWNobw==?=', 'echo'],
    [' =?base64?ZWNobw==?= ', 'echo'],
    [wrap('écho'), 'écho'],
    [wrap(''), ''],
    ['=?BASE64?ZWNobw==?=', '=?BASE64?ZWNobw==?='],
    ['=?base64?ZWNobw==', '=?base64?ZWNobw=='],
  ])('reads %j as %j', (value, text) => {
    expect(decodeMcpHeaderValue(value)).toBe(text);
  });

  it.each([
    ['=?base64?ZWNobw?=', 'padding missing'],
    ['=?base64?YR==?=', 'bits beyond the text'],
    ['=?base64?ZW Nobw==?=', 'a blank inside'],
    ['=?base64?_-8=?=', 'the URL alphabet'],
    [wrap(Uint8Array.of(0xff, 0xfe)), 'no UTF-8'],
    [wrap(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61)), 'a byte order mark, which decoders drop'],
    ['=?base64?=', 'start and end overlap'],
  ])('refuses %s: %s', (value) => {
    expect(decodeMcpHeaderValue(value)).toBeUndefined();
  });

  it('reads back every text as the official client wraps it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        fc.pre(!text.startsWith('\ufeff'));
        expect(decodeMcpHeaderValue(wrap(text))).toBe(text);
      }),
    );
  });

  it('never throws, and no two wrapped values stand for one text', () => {
    const wrapped = fc.stringMatching(/^[A-Za-z0-9+/=]{0,12}$/).map((text) => `=?base64?${text}?=`);
    fc.assert(
      fc.property(wrapped, (value) => {
        const text = decodeMcpHeaderValue(value);
        expect(text === undefined || wrap(text) === value).toBe(true);
      }),
    );
  });
});

describe('readMcpHeaders', () => {
  it('finds the headers in any case and strips blanks around them', () => {
    const headers = {
      'MCP-PROTOCOL-version': ' 2026-07-28 ',
      'mcp-method': 'tools/call',
      'Mcp-Name': 'echo',
      other: 'x',
    };
    expect(readMcpHeaders(headers)).toEqual({
      method: 'tools/call',
      name: 'echo',
      protocolVersion: '2026-07-28',
    });
  });

  it('shows a header that was sent twice, which `headers` of an event alone would hide', () => {
    const headers = { 'Mcp-Method': 'tools/list' };
    const multiValueHeaders = { 'Mcp-Method': ['tools/call', 'tools/list'] };
    expect(readMcpHeaders(headers, multiValueHeaders).method).toBe('tools/call, tools/list');
    expect(readMcpHeaders({ 'Mcp-Method': 'tools/call', 'mcp-method': 'tools/list' }).method).toBe(
      'tools/call, tools/list',
    );
  });

  it.each([
    [null, null],
    [undefined, undefined],
    [{}, {}],
    [{ 'mcp-name': undefined }, undefined],
  ])('finds nothing in %j and %j', (headers, multiValueHeaders) => {
    expect(readMcpHeaders(headers, multiValueHeaders)).toEqual({
      method: undefined,
      name: undefined,
      protocolVersion: undefined,
    });
  });

  it('falls back to `headers` where an event has no values in `multiValueHeaders`', () => {
    expect(readMcpHeaders({ 'mcp-name': 'a' }, {}).name).toBe('a');
  });
});

describe('hasCheckedHeaders', () => {
  it.each([
    ['2026-07-28', true],
    [' 2026-07-28\t', true],
    ['2027-01-01', true],
    ['2025-11-25', false],
    ['2026-07-27', false],
    [undefined, false],
    ['', false],
    ['9', false],
    ['zzzz', false],
    ['2026-07-28, 2025-11-25', false],
    ['2026-07-28-rc1', false],
  ])('of %j: %s', (version, expected) => {
    expect(hasCheckedHeaders(version)).toBe(expected);
  });
});

it('stripOptionalWhitespace strips blanks and tabs alone', () => {
  expect(stripOptionalWhitespace(' \t a b\t ')).toBe('a b');
  expect(stripOptionalWhitespace(' \t ')).toBe('');
  expect(stripOptionalWhitespace('\u00a0a\n')).toBe('\u00a0a\n');
});
