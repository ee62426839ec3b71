import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, DynamoDBDocumentClient, GetCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { newKeyItem } from '../../../lambdas/adapters/dynamodb/key-item.ts';
import { DynamoKeyWalk } from '../../../lambdas/adapters/dynamodb/key-walk.ts';
import type { WalkedKeys } from '../../../lambdas/core/ports/pepper-rotation.ts';
import { sampleKey } from '../../support/sample-records.ts';

const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'eu-central-1' }));
const sent = mockClient(client);
const walk = new DynamoKeyWalk(client, 'Keys');
const IDS = ['Walking00001', 'Walking00002'];
const ITEMS = IDS.map((keyId) => newKeyItem(sampleKey(keyId).record));

/** What the index of owners has of a key. */
const placeOf = ({ pk, sk, ownerPk, ownerSk }: Record<string, unknown>) => ({ pk, sk, ownerPk, ownerSk });

async function pagesFrom(after: string | undefined): Promise<WalkedKeys[]> {
  const pages: WalkedKeys[] = [];
  for await (const page of walk.from(after)) pages.push(page);
  return pages;
}

beforeEach(() => {
  sent.reset();
  sent.on(BatchGetCommand).callsFake(({ RequestItems }) => ({
    Responses: {
      Keys: ITEMS.filter(({ pk }) => RequestItems.Keys.Keys.some((key: { pk: string }) => key.pk === pk)),
    },
  }));
});

describe('a walk over all keys', () => {
  it('scans the index of owners and reads the keys themselves, consistently', async () => {
    const [first = {}, second = {}] = ITEMS.map(placeOf);
    sent
      .on(ScanCommand)
      .resolvesOnce({ Items: [first], LastEvaluatedKey: first })
      .resolvesOnce({ Items: [second] });

    const pages = await pagesFrom(undefined);

    expect(pages.map(({ records, next }) => [records.map(({ keyId }) => keyId), next])).toEqual([
      [[IDS[0]], IDS[0]],
      [[IDS[1]], undefined],
    ]);
    const scans = sent.commandCalls(ScanCommand).map(({ args }) => args[0].input);
    expect(scans[0]).toEqual({ TableName: 'Keys', IndexName: 'byOwner', Limit: 100 });
    expect(scans[1]).toEqual({ ...scans[0], ExclusiveStartKey: first });
    for (const { args } of sent.commandCalls(BatchGetCommand)) {
      expect(args[0].input.RequestItems?.['Keys']?.ConsistentRead).toBe(true);
    }
  });

  it('goes on after a key: its place in the index is read from the key itself', async () => {
    const [first = {}, second = {}] = ITEMS.map(placeOf);
    const { ownerPk, ownerSk } = first as Record<string, unknown>;
    sent.on(GetCommand).resolves({ Item: { ownerPk, ownerSk } });
    sent.on(ScanCommand).resolves({ Items: [second] });

    expect(await pagesFrom(IDS[0])).toHaveLength(1);

    expect(sent.commandCalls(GetCommand)[0]?.args[0].input).toMatchObject({
      Key: { pk: `KEY#${IDS[0]}`, sk: 'META' },
      ConsistentRead: true,
    });
    expect(sent.commandCalls(ScanCommand)[0]?.args[0].input.ExclusiveStartKey).toEqual(first);
  });

  it('goes on over a page that has no key', async () => {
    const [first = {}, second = {}] = ITEMS.map(placeOf);
    sent
      .on(ScanCommand)
      .resolvesOnce({ Items: [], LastEvaluatedKey: first })
      .resolvesOnce({ Items: [second] });

    expect((await pagesFrom(undefined)).map(({ records }) => records.length)).toEqual([0, 1]);
  });

  it('does not begin anew where it cannot go on', async () => {
    sent.on(GetCommand).resolves({});

    await expect(pagesFrom('NoSuchKey000')).rejects.toMatchObject({ name: 'Misconfigured' });
    expect(sent.commandCalls(ScanCommand)).toEqual([]);
  });
});
