/**
 * What a refused client is told, through API Gateway itself. On the local cloud these answers rest on the corrections
 * in `local/emulator/launch.py`.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, inject, it } from 'vitest';
import { CHECKOUT } from '../../local/state.ts';

const { mcpUrl = '', mcpHttpUrl = '' } = inject('localCloud');
// TEST-NET-3: nobody calls from there.
const ELSEWHERE = '203.0.113.0/24';

async function keyturn(...args: string[]): Promise<{ key: string }> {
  const cli = join(CHECKOUT, 'cli', 'keyturn.mjs');
  const { stdout } = await promisify(execFile)(process.execPath, [cli, ...args, '--local', '--json']);
  return JSON.parse(stdout);
}

const issueKey = (...args: string[]) =>
  keyturn(
    'issue',
    '--owner',
    'a@example.com',
    '--name',
    'refused',
    '--env',
    'test',
    '--scope',
    'tools:*',
    ...args,
  );

async function call(url: string, headers: Record<string, string> = {}) {
  const response = await fetch(url, { method: 'POST', headers });
  const challenge = response.headers.get('www-authenticate');
  return { status: response.status, challenge, body: await response.json() };
}

describe('REST API', () => {
  it('answers 401 with a challenge to a request without a key', async () => {
    expect(await call(mcpUrl)).toMatchObject({
      status: 401,
      challenge: expect.stringMatching(/^Bearer realm="[^"]+"$/),
      body: { error: 'unauthorized', message: expect.any(String), requestId: expect.any(String) },
    });
  });

  it('answers 403 with the reason that the authorizer gave, in header and body', async () => {
    const { key } = await issueKey('--allow-from', ELSEWHERE);
    expect(await call(mcpUrl, { authorization: `Bearer ${key}` })).toMatchObject({
      status: 403,
      challenge: expect.stringMatching(/^Bearer error="access_denied"/),
      body: { error: 'access_denied', message: expect.stringContaining('address') },
    });
  });
});

describe('HTTP API', () => {
  it('answers 401 to a request without a key', async () => {
    expect(await call(mcpHttpUrl)).toMatchObject({ status: 401, body: { message: 'Unauthorized' } });
  });

  it('answers 403 to a key that is refused for its address', async () => {
    const { key } = await issueKey('--allow-from', ELSEWHERE);
    expect(await call(mcpHttpUrl, { authorization: `Bearer ${key}` })).toMatchObject({
      status: 403,
      body: { message: 'Forbidden' },
    });
  });
});
