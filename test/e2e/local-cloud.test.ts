import { once } from 'node:events';
import { createConnection } from 'node:net';
import { networkInterfaces } from 'node:os';
import { describe, expect, inject, it } from 'vitest';

const { endpoint, port, mcpUrl, mcpHttpUrl, outputs } = inject('localCloud');
const OUTSIDE = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ internal, family }) => !internal && family === 'IPv4');

describe('the local cloud', () => {
  it('tells addresses that lead to its own APIs', () => {
    expect(mcpUrl).toMatch(new RegExp(`^${endpoint}/_aws/execute-api/[a-z0-9]+/prod/mcp$`));
    expect(mcpHttpUrl).toMatch(new RegExp(`^${endpoint}/_aws/execute-api/[a-z0-9]+/\\$default/mcp$`));
    expect(outputs).toMatchObject({ McpRestUrl: mcpUrl, McpHttpUrl: mcpHttpUrl });
  });

  it.skipIf(!OUTSIDE)('cannot be reached from outside this machine', async () => {
    const socket = createConnection({ host: OUTSIDE?.address, port });
    const [error] = await once(socket, 'error');
    expect(error).toMatchObject({ code: 'ECONNREFUSED' });
  });
});
