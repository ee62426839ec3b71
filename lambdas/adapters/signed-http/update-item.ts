/** One update of an item by a signed request. */
import { marshall } from '@aws-sdk/util-dynamodb';
import type { UpdateParts } from '../dynamodb/use-item.ts';
import { AwsCallError, type CallAws } from './aws-call.ts';

export async function updateItem(call: CallAws, table: string, parts: UpdateParts): Promise<void> {
  await call({
    service: 'dynamodb',
    target: 'DynamoDB_20120810.UpdateItem',
    body: {
      TableName: table,
      ...parts,
      Key: marshall(parts.Key),
      ExpressionAttributeValues: marshall(parts.ExpressionAttributeValues),
    },
  });
}

/** Whether the update was refused because its condition did not hold. */
export const isConditionFailed = (error: unknown): boolean =>
  error instanceof AwsCallError && error.code === 'ConditionalCheckFailedException';
