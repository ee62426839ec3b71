/** What a client of the API meets, through API Gateway and the deployed authorizer. */
import { describe, expect, test } from 'vitest';
import { newKeyText } from '../../lambdas/core/domain/key-format.ts';
import { APIS, admin, issueKey } from './support/deployment.ts';
import { bearer, callTool, postCall, REVISIONS } from './support/mcp.ts';

const challengeOf = (api: string) => (api === 'REST API' ? 'Bearer realm="mcp"' : null);

describe.each(APIS)('$api', ({ api, url }) => {
  test('no key: 401, with a challenge where API Gateway can add one', async () => {
    const { text, answer } = await callTool(url, undefined, 'echo');
    expect(text).toBeUndefined();
    expect(answer).toMatchObject({ status: 401, challenge: challengeOf(api) });
  });

  test('a wrong key: 401, whatever is wrong with it', async () => {
    const { key, keyId } = await issueKey();
    const { randomBytes } = await import('node:crypto');
    const otherSecret = newKeyText({ prefix: 'mk', environment: 'test', keyId }, randomBytes);
    const unknownId = newKeyText({ prefix: 'mk', environment: 'test', keyId: 'AAAAAAAAAAAA' }, randomBytes);
    const wrong = [otherSecret, unknownId, `${key.slice(0, -1)}~`, key.slice(0, -1), `${key}0`, 'x'];
    for (const each of wrong) {
      expect((await callTool(url, each, 'echo')).answer).toMatchObject({
        status: 401,
        challenge: challengeOf(api),
      });
    }
  });

  test.each(REVISIONS)('a good key works with MCP %s', async (revision) => {
    const { key, keyId } = await issueKey();
    const { text, answer } = await callTool(url, key, 'whoami', revision);
    expect(answer).toMatchObject({ status: 200, keyStatus: null });
    expect(text).toContain(keyId);
  });

  test.each(REVISIONS)('a key without the scope of the tool: 403 with MCP %s', async (revision) => {
    const { key } = await issueKey(['tools:echo']);
    expect((await callTool(url, key, 'echo', revision)).answer.status).toBe(200);
    const refused = await callTool(url, key, 'whoami', revision);
    expect(refused.text).toBeUndefined();
    expect(refused.answer.status).toBe(403);
  });

  test('either header carries the key; two that differ are none, and a query string never is one', async () => {
    const [{ key }, other] = [await issueKey(), await issueKey()];
    expect((await postCall(url, bearer(key))).status).toBe(200);
    expect((await postCall(url, { 'x-api-key': key })).status).toBe(200);
    expect((await postCall(url, { ...bearer(key), 'x-api-key': key })).status).toBe(200);
    expect((await postCall(url, { ...bearer(key), 'x-api-key': other.key })).status).toBe(401);
    expect((await postCall(`${url}?api_key=${key}&x-api-key=${key}`, {})).status).toBe(401);
  });

  test('a disabled key: 401 until it is enabled again; a revoked one for good', async () => {
    const { key, keyId } = await issueKey();
    await admin('disable', { keyId, reason: 'test' });
    expect((await postCall(url, bearer(key))).status).toBe(401);
    await admin('enable', { keyId, reason: 'test' });
    expect((await postCall(url, bearer(key))).status).toBe(200);
    await admin('revoke', { keyId, reason: 'test' });
    // Held in memory by the call before: refused within the bound, not at once.
    await new Promise((resolve) => setTimeout(resolve, 6_000));
    expect((await postCall(url, bearer(key))).status).toBe(401);
  });

  test('a key for some addresses: 403 from any other', async () => {
    const issued = await admin('issue', {
      owner: 'end-to-end@example.com',
      name: 'Elsewhere',
      environment: 'test',
      scopes: ['tools:*'],
      allowedAddresses: ['203.0.113.0/24', '2001:db8::/32'],
    });
    expect((await postCall(url, bearer(issued.key as string))).status).toBe(403);
  });
});
