import { describe, expect, it } from 'vitest';
import { apiIdOf, localUrl } from '../../../local/local-urls.ts';

const ENDPOINT = 'http://127.0.0.1:4566';

describe('localUrl', () => {
  it.each([
    [
      'REST, stage in its path',
      'https://a1b2.execute-api.us-east-1.amazonaws.com/prod/mcp',
      false,
      '/a1b2/prod/mcp',
    ],
    [
      'HTTP, default stage',
      'https://a1b2.execute-api.us-east-1.amazonaws.com/mcp',
      true,
      '/a1b2/$default/mcp',
    ],
    [
      'HTTP, default stage, no path',
      'https://a1b2.execute-api.us-east-1.amazonaws.com',
      true,
      '/a1b2/$default/',
    ],
    ['the emulator’s own form', 'http://a1b2.execute-api.127.0.0.1:4566/mcp', true, '/a1b2/$default/mcp'],
  ])('leads to the emulator: %s', (_, url, onDefaultStage, path) => {
    expect(localUrl(url, ENDPOINT, onDefaultStage)).toBe(`${ENDPOINT}/_aws/execute-api${path}`);
  });

  it('keeps one slash when the endpoint ends with one', () => {
    const url = 'https://a1b2.execute-api.us-east-1.amazonaws.com/prod/mcp';
    expect(localUrl(url, `${ENDPOINT}/`, false)).toBe(`${ENDPOINT}/_aws/execute-api/a1b2/prod/mcp`);
  });

  it.each(['Keyturn-Admin-1F2', 'https://example.com/execute-api.x', 'arn:aws:states:us-east-1:0:x'])(
    'leaves %s as it is',
    (value) => {
      expect(localUrl(value, ENDPOINT, true)).toBe(value);
      expect(apiIdOf(value)).toBeUndefined();
    },
  );
});
