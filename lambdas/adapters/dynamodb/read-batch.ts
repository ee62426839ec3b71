import {
  BatchGetCommand,
  type BatchGetCommandOutput,
  type DynamoDBDocumentClient,
} from '@aws-sdk/lib-dynamodb';

type Item = Record<string, unknown>;

/** As many items as DynamoDB reads at once. */
export const MOST_READ = 100;

/**
 * Items by their keys, a hundred at most, read consistently, in any order; what is not there is left out.
 *
 * @param ProjectionExpression absent: whole items
 */
export async function readBatch(
  client: DynamoDBDocumentClient,
  table: string,
  keys: readonly Item[],
  ProjectionExpression?: string,
): Promise<readonly Item[]> {
  const found: Item[] = [];
  const asked = { ConsistentRead: true, ...(ProjectionExpression ? { ProjectionExpression } : {}) };
  let wanted: Item[] = [...keys];
  while (wanted.length > 0) {
    const answer: BatchGetCommandOutput = await client.send(
      new BatchGetCommand({ RequestItems: { [table]: { Keys: wanted, ...asked } } }),
    );
    found.push(...(answer.Responses?.[table] ?? []));
    wanted = answer.UnprocessedKeys?.[table]?.Keys ?? [];
  }
  return found;
}
