import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { AuditEvent } from '../../../lambdas/core/domain/audit-event.ts';
import { dynamo, tableName } from './deployment.ts';

/** A key's audit events as they are stored, oldest first. */
export async function auditEvents(keyId: string): Promise<readonly AuditEvent[]> {
  const { Items } = await dynamo.send(
    new QueryCommand({
      TableName: tableName,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :audit)',
      ExpressionAttributeValues: { ':pk': { S: `KEY#${keyId}` }, ':audit': { S: 'AUDIT#' } },
    }),
  );
  return (Items ?? []).map((item) => unmarshall(item)['event'] as AuditEvent);
}
