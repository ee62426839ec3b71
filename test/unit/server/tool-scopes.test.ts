import { describe, expect, it } from 'vitest';
import { checkToolScopes, type ToolScopesRequest } from '../../../server/index.ts';

const callOf = (name: unknown, id: unknown = 7) => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name },
});
const LIST = { jsonrpc: '2.0', id: 8, method: 'tools/list' };

function check(body: unknown, request: Partial<ToolScopesRequest> = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return checkToolScopes({ headers: {}, body: text, scopes: ['tools:echo'], ...request });
}

describe('checkToolScopes allows', () => {
  it.each<[string, unknown, Partial<ToolScopesRequest>]>([
    ['a tool the key has the scope for', callOf('echo'), {}],
    ['any tool with tools:*', callOf('é " \n'), { scopes: ['tools:*'] }],
    ['other methods without any scope', LIST, { scopes: [] }],
    ['a batch of allowed messages', [callOf('echo'), LIST, { jsonrpc: '2.0', id: 1, result: {} }], {}],
    [
      'headers that agree',
      callOf('echo'),
      { headers: { 'MCP-METHOD': ' tools/call', 'mcp-name': '=?base64?ZWNobw==?=' } },
    ],
    [
      'a web Headers that agrees',
      callOf('echo'),
      { headers: new Headers({ 'Mcp-Method': 'tools/call', 'Mcp-Name': 'echo' }) },
    ],
    ['an Mcp-Name where the method has none to compare', LIST, { headers: { 'Mcp-Name': 'x' } }],
    [
      'a name header for a resource',
      { jsonrpc: '2.0', id: 1, method: 'resources/read', params: { uri: 'file:///a' } },
      { headers: { 'Mcp-Name': 'file:///a' } },
    ],
  ])('%s, and hands on what it judged', (_case, body, request) => {
    expect(check(body, request)).toEqual({ allowed: true, parsedBody: body });
  });

  it('a Base64 body of Lambda', () => {
    const body = Buffer.from(JSON.stringify(callOf('echo'))).toString('base64');
    expect(check(body, { isBase64Encoded: true })).toEqual({ allowed: true, parsedBody: callOf('echo') });
  });

  it.each([null, undefined, ''])('the body %j of GET and DELETE', (body) => {
    expect(checkToolScopes({ headers: null, body, scopes: [] })).toEqual({
      allowed: true,
      parsedBody: undefined,
    });
  });
});

describe('checkToolScopes refuses with 403', () => {
  it.each<[string, unknown, string]>([
    ['another tool', callOf('delete'), 'tools:delete'],
    ['a tool in another case', callOf('ECHO'), 'tools:ECHO'],
    ['a name that fits no scope', callOf('echo '), 'tools:*'],
    ['no name', { jsonrpc: '2.0', id: 7, method: 'tools/call' }, 'tools:*'],
    ['a name that is no string', callOf(['echo']), 'tools:*'],
    [
      'params that are an array',
      { jsonrpc: '2.0', id: 7, method: 'tools/call', params: ['echo'] },
      'tools:*',
    ],
  ])('%s', (_case, body, requiredScope) => {
    const message = `This key lacks the scope ${requiredScope}.`;
    expect(check(body)).toEqual({
      allowed: false,
      status: 403,
      message,
      requiredScope,
      jsonRpcError: { jsonrpc: '2.0', id: 7, error: { code: -32_000, message, data: { requiredScope } } },
    });
  });

  it('a whole batch for one call in it, and a call that wants no answer', () => {
    expect(check([callOf('echo'), callOf('delete')])).toMatchObject({
      status: 403,
      jsonRpcError: { id: null },
    });
    const { id: _none, ...silent } = callOf('delete');
    expect(check(silent)).toMatchObject({ status: 403, jsonRpcError: { id: null } });
  });

  it('the last of two equal JSON keys, as the server reads them', () => {
    expect(check('{"id":1,"method":"tools/call","params":{"name":"echo","name":"delete"}}')).toMatchObject({
      status: 403,
      requiredScope: 'tools:delete',
    });
    expect(
      check('{"id":1,"method":"tools/list","method":"tools/call","params":{"name":"delete"}}'),
    ).toMatchObject({ status: 403 });
  });
});

describe('checkToolScopes refuses with 400', () => {
  it.each<[string, unknown, number]>([
    ['what is no JSON', '{', -32_700],
    ['a value that is no message', '7', -32_600],
    ['null', 'null', -32_600],
    ['an object that is no message', {}, -32_600],
    ['a method that is no string', { id: 1, method: ['tools/call'], params: { name: 'echo' } }, -32_600],
    ['an empty batch', [], -32_600],
    ['a batch in a batch', [[callOf('delete')]], -32_600],
  ])('%s', (_case, body, code) => {
    expect(check(body, { scopes: ['tools:*'] })).toMatchObject({
      allowed: false,
      status: 400,
      jsonRpcError: { id: null, error: { code } },
    });
  });

  it.each([
    ['%%%', 'no Base64'],
    [Buffer.of(0x22, 0xff, 0x22).toString('base64'), 'no UTF-8'],
  ])('the Base64 body %s: %s', (body) => {
    expect(check(body, { isBase64Encoded: true })).toMatchObject({
      status: 400,
      jsonRpcError: { error: { code: -32_700 } },
    });
  });

  it.each<[string, unknown, Partial<ToolScopesRequest>]>([
    ['another method', callOf('echo'), { headers: { 'Mcp-Method': 'tools/list' } }],
    ['the method in another case', callOf('echo'), { headers: { 'Mcp-Method': 'Tools/Call' } }],
    ['another tool', callOf('echo'), { headers: { 'mcp-NAME': 'other' } }],
    ['a wrapped other tool', callOf('echo'), { headers: { 'Mcp-Name': '=?base64?b3RoZXI=?=' } }],
    ['a name that cannot be unwrapped', callOf('echo'), { headers: { 'Mcp-Name': '=?base64?ZWNobw?=' } }],
    ['a name the body lacks', callOf(undefined), { headers: { 'Mcp-Name': 'echo' } }],
    [
      'a method header sent twice',
      callOf('echo'),
      {
        headers: { 'Mcp-Method': 'tools/call' },
        multiValueHeaders: { 'Mcp-Method': ['tools/list', 'tools/call'] },
      },
    ],
    [
      'a method header in two cases',
      callOf('echo'),
      { headers: { 'Mcp-Method': 'tools/call', 'mcp-method': 'tools/list' } },
    ],
    [
      'a method header for a response',
      { jsonrpc: '2.0', id: 7, result: {} },
      { headers: { 'Mcp-Method': 'tools/call' } },
    ],
    ['a batch of two methods', [callOf('echo'), LIST], { headers: { 'Mcp-Method': 'tools/call' } }],
  ])('headers that name %s', (_case, body, request) => {
    expect(check(body, { scopes: ['tools:*'], ...request })).toMatchObject({
      allowed: false,
      status: 400,
      message: expect.stringContaining('disagrees with'),
      jsonRpcError: { error: { code: -32_020 } },
    });
  });
});
