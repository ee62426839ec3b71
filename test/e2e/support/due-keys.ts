/** Makes keys due: no command moves a due date, so it is written where it stands. */
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { dynamo, tableName } from './deployment.ts';

export async function makeDue(keyId: string, dueAtMs: number): Promise<void> {
  await dynamo.send(
    new UpdateItemCommand({
      TableName: tableName,
      Key: { pk: { S: `KEY#${keyId}` }, sk: { S: 'META' } },
      UpdateExpression: 'SET dueAtMs = :ms, dueSk = :sort',
      ExpressionAttributeValues: {
        ':ms': { N: String(dueAtMs) },
        ':sort': { S: `${new Date(dueAtMs).toISOString()}#${keyId}` },
      },
    }),
  );
}
