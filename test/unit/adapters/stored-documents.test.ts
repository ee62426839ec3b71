import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { storedDocuments } from '../../../lambdas/adapters/dynamodb/stored-documents.ts';

let stored = '';
const table = createServer((_request, response) => {
  const Item = { sequence: { N: stored }, action: { S: 'key.issued' } };
  response.setHeader('content-type', 'application/x-amz-json-1.0').end(JSON.stringify({ Item }));
});
beforeAll(() => new Promise<void>((listening) => table.listen(0, '127.0.0.1', listening)));
afterAll(() => new Promise((closed) => table.close(closed)));

it.each([
  ['7', 7],
  ['-0.5', -0.5],
  ['9007199254740993', 9007199254740992],
  ['99999999999999999999999999999999999999', 1e38],
])('reads the number %s, and what lies beside it', async (text, number) => {
  stored = text;
  const documents = storedDocuments({
    region: 'eu-central-1',
    endpoint: `http://127.0.0.1:${(table.address() as AddressInfo).port}`,
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  });
  const { Item } = await documents.send(new GetCommand({ TableName: 'Keys', Key: { pk: 'x' } }));
  documents.destroy();
  expect(Item).toEqual({ sequence: number, action: 'key.issued' });
});
