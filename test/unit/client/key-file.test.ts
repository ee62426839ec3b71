import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { signingKeyFile } from '../../../client/src/node.ts';

const inNewFolder = async (name: string): Promise<string> =>
  join(await mkdtemp(join(tmpdir(), 'keyturn-client-')), name);

describe('a key pair in a file', () => {
  it('is one, whoever comes first of many at once', async () => {
    const path = await inNewFolder('signing.jwk');
    const pairs = await Promise.all(Array.from({ length: 8 }, () => signingKeyFile(path)));
    const { thumbprint } = await signingKeyFile(path);
    expect(new Set(pairs.map((pair) => pair.thumbprint))).toEqual(new Set([thumbprint]));
  });
});
