/** Items of the deployment's table, and what its functions are configured with. */
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { type AwsConfig, tableName } from '../deployment.ts';
import { pagesOf } from './pages.ts';

export async function tableItems(aws: AwsConfig): Promise<string> {
  const dynamo = new DynamoDBClient(aws);
  const pages = await pagesOf((ExclusiveStartKey: Record<string, never> | undefined) =>
    dynamo
      .send(new ScanCommand({ TableName: tableName, ...(ExclusiveStartKey ? { ExclusiveStartKey } : {}) }))
      .then(({ Items = [], LastEvaluatedKey }) => ({
        items: Items,
        next: LastEvaluatedKey as Record<string, never> | undefined,
      })),
  );
  return JSON.stringify(pages);
}

export async function functionConfigurations(aws: AwsConfig): Promise<string> {
  const lambda = new LambdaClient(aws);
  const pages = await pagesOf((Marker: string | undefined) =>
    lambda
      .send(new ListFunctionsCommand({ ...(Marker ? { Marker } : {}) }))
      .then(({ Functions = [], NextMarker }) => ({ items: Functions, next: NextMarker })),
  );
  return JSON.stringify(pages);
}
