/** A real OpenBao behind a proxy that counts what it is asked. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { appRole } from '../../../test/e2e/support/vault.ts';
import { BaoServer } from '../../../test/support/openbao.ts';
import { plusEach } from '../count/tally.ts';

export interface CountedVault {
  readonly address: string;
  readonly version: string;
  /** What functions get in with. */
  readonly credentials: string;
  /** Since this was asked last. */
  take(): Readonly<Record<string, number>>;
}

export async function withVault<T>(work: (vault: CountedVault) => Promise<T>): Promise<T> {
  const bao = await BaoServer.dev();
  let requests: Readonly<Record<string, number>> = {};
  const proxy = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      requests = plusEach(requests, { [`${request.method} ${kindOf(request.url ?? '')}`]: 1 });
      const { host: _ours, connection: _kept, 'content-length': _length, ...headers } = request.headers;
      const answer = await fetch(`${bao.address}${request.url}`, {
        method: request.method as string,
        headers: headers as Record<string, string>,
        ...(chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}),
      });
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  try {
    const role = await appRole(bao);
    const { body } = await bao.root('GET', 'sys/health');
    return await work({
      address: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
      version: body.version,
      credentials: JSON.stringify({ roleId: role.roleId, secretId: await role.secretId() }),
      take: () => {
        const taken = requests;
        requests = {};
        return taken;
      },
    });
  } finally {
    proxy.closeAllConnections();
    proxy.close();
    await bao.kill();
  }
}

/** `/v1/secret/data/keyturn/<keyId>` as `secret/data`. */
const kindOf = (url: string): string => url.split('?')[0]?.split('/').slice(2, 4).join('/') ?? '';
