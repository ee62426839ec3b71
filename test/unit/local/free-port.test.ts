import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../../../local/free-port.ts';

let server: Server;
let taken: number;

beforeEach(async () => {
  server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  taken = typeof address === 'object' && address ? address.port : 0;
});
afterEach(() => server.close());

describe('freePort', () => {
  it('passes over a port that is taken', async () => {
    expect(await freePort(taken)).toBeGreaterThan(taken);
  });

  it('says which range is full', async () => {
    await expect(freePort(taken, 1)).rejects.toThrow(`between ${taken} and ${taken}`);
  });
});
