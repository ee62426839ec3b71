import {
  type DynamoDBDocumentClient,
  QueryCommand,
  type QueryCommandInput,
  type QueryCommandOutput,
} from '@aws-sdk/lib-dynamodb';

/** The pages of a query, each read when it is asked for. */
export async function* queryPages(
  client: DynamoDBDocumentClient,
  query: QueryCommandInput,
): AsyncGenerator<QueryCommandOutput> {
  let from: Record<string, unknown> | undefined;
  do {
    const page = await client.send(
      new QueryCommand({ ...query, ...(from ? { ExclusiveStartKey: from } : {}) }),
    );
    yield page;
    from = page.LastEvaluatedKey;
  } while (from);
}
