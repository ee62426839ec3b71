import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeToolAccessFromHeaders, type ToolRequest } from '../../../lambdas/core/domain/tool-access.ts';

const call = (request: Partial<ToolRequest>): ToolRequest => ({
  scopes: ['tools:echo', 'orders:read'],
  mode: 'gateway',
  method: 'tools/call',
  name: 'echo',
  protocolVersion: '2026-07-28',
  ...request,
});
const judge = (request: Partial<ToolRequest>) => judgeToolAccessFromHeaders(call(request));

describe('judgeToolAccessFromHeaders allows', () => {
  it.each<[string, Partial<ToolRequest>]>([
    ['a tool the key has the scope for', {}],
    [
      'the same, with blanks around the header values',
      { method: ' tools/call ', name: '\techo ', protocolVersion: ' 2026-07-28' },
    ],
    ['the same, with a wrapped name', { name: '=?base64?ZWNobw==?=' }],
    ['the same, in a later revision', { protocolVersion: '2027-03-01' }],
    ['any other method', { method: 'tools/list', name: undefined }],
    [
      'any other method of a key without any tool',
      { method: 'server/discover', name: undefined, scopes: [] },
    ],
    [
      'a key with tools:*, whatever the headers',
      { scopes: ['tools:*'], method: undefined, name: undefined, protocolVersion: undefined },
    ],
    ["everything in mode 'backend'", { mode: 'backend', method: undefined, scopes: [] }],
    ["everything in mode 'off'", { mode: 'off', method: undefined, scopes: [] }],
  ])('%s', (_case, request) => {
    expect(judge(request)).toEqual({ allowed: true });
  });
});

describe('judgeToolAccessFromHeaders refuses a limited key', () => {
  it.each<[string, Partial<ToolRequest>, string, RegExp]>([
    [
      'another tool',
      { name: 'delete' },
      'tools:delete',
      /may not call the tool delete: the call needs the scope tools:delete\./,
    ],
    ['a tool in another case', { name: 'Echo' }, 'tools:Echo', /tools:Echo/],
    ['a tool whose wrapped name is another', { name: '=?base64?ZGVsZXRl?=' }, 'tools:delete', /tools:delete/],
    ['a name that fits no scope', { name: 'a" error="x' }, 'tools:*', /its name fits no scope word/],
    ['the name *', { name: '*' }, 'tools:*', /needs the scope tools:\*/],
    ['a call without a name', { name: undefined }, 'tools:*', /no Mcp-Name header that can be read/],
    ['a call with an empty name', { name: ' ' }, 'tools:*', /no Mcp-Name header that can be read/],
    [
      'a call with a name that cannot be unwrapped',
      { name: '=?base64?%%?=' },
      'tools:*',
      /no Mcp-Name header that can be read/,
    ],
    ['two names', { name: 'echo, delete' }, 'tools:*', /its name fits no scope word/],
    ['two methods', { method: 'tools/list, tools/call' }, 'tools:*', /more than one Mcp-Method/],
    [
      'a request without Mcp-Method',
      { method: undefined },
      'tools:*',
      /no Mcp-Method header.+2025-11-25.+'backend'.+'off'/,
    ],
    ['an empty Mcp-Method', { method: ' ' }, 'tools:*', /no Mcp-Method header/],
    [
      'headers that no server checks',
      { protocolVersion: '2025-11-25' },
      'tools:*',
      /against the body only from MCP-Protocol-Version 2026-07-28 on/,
    ],
    [
      'headers without a version',
      { protocolVersion: undefined, method: 'tools/list' },
      'tools:*',
      /which this request does not name/,
    ],
    [
      'a version that is no date',
      { protocolVersion: 'latest' },
      'tools:*',
      /which this request does not name/,
    ],
  ])('%s', (_case, request, requiredScope, message) => {
    expect(judge(request)).toEqual({
      allowed: false,
      requiredScope,
      message: expect.stringMatching(message),
    });
  });
});

it('never lets anything into a refusal that could break out of JSON or of a quoted header parameter', () => {
  const value = fc.option(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'binary' }).map((text) => `=?base64?${Buffer.from(text).toString('base64')}?=`),
    ),
    { nil: undefined },
  );
  const method = fc.oneof(fc.constant('tools/call'), value);
  const protocolVersion = fc.oneof(fc.constant('2026-07-28'), value);
  fc.assert(
    fc.property(method, value, protocolVersion, (method, name, protocolVersion) => {
      const access = judge({ method, name, protocolVersion });
      if (access.allowed) return;
      expect(access.message).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/);
      expect(access.requiredScope).toMatch(/^tools:[A-Za-z0-9_./*-]+$/);
    }),
  );
});
