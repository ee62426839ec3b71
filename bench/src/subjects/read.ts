/** The read that every subject makes: the same attributes of the same item, consistently. */
import { AUTHORIZING_ATTRIBUTES } from '../../../lambdas/adapters/dynamodb/key-item.ts';

const names = Object.fromEntries(AUTHORIZING_ATTRIBUTES.map((name, index) => [`#${index}`, name]));

export const readOf = (keyId: string) => ({
  TableName: process.env['TABLE_NAME'] ?? '',
  Key: { pk: `KEY#${keyId}`, sk: 'META' },
  ConsistentRead: true,
  ProjectionExpression: Object.keys(names).join(','),
  ExpressionAttributeNames: names,
});
