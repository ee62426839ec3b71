/** Writes that hold on a condition: one alone, or all of a transaction. */
import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { NEW_ITEM } from './key-item.ts';

/** One write of a transaction. */
export type Write = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** Somebody else was faster: nothing of the transaction is written. */
const LOST_RACE = ['ConditionalCheckFailed', 'TransactionConflict'];

/** The condition of an item's revision: nothing stands there before the first, and the one before it before any other. */
export const onRevision = (revision: number) =>
  revision === 1
    ? { ConditionExpression: NEW_ITEM }
    : { ConditionExpression: 'revision = :seen', ExpressionAttributeValues: { ':seen': revision - 1 } };

/** Writes an item where nothing stands. */
export const putNew = (table: string, Item: Record<string, unknown>): Write => ({
  Put: { TableName: table, Item, ConditionExpression: NEW_ITEM },
});

/** @returns false when the write's condition failed; anything else is thrown */
export async function holds(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

/**
 * Writes all of these or none.
 *
 * @param lost codes of what counts as a lost race
 * @returns false when the race was lost; anything else is thrown
 */
export async function holdTogether(
  client: DynamoDBDocumentClient,
  TransactItems: Write[],
  lost: readonly string[] = LOST_RACE,
): Promise<boolean> {
  try {
    await client.send(new TransactWriteCommand({ TransactItems }));
    return true;
  } catch (error) {
    if (!cancellationCodes(error).some((code) => lost.includes(code))) throw error;
    return false;
  }
}

/** Why each write of a cancelled transaction failed, in their order, `None` where it did not; of any other error nothing. */
export const cancellationCodes = (error: unknown): readonly string[] =>
  error instanceof TransactionCanceledException
    ? (error.CancellationReasons ?? []).map(({ Code = 'None' }) => Code)
    : [];

/** Whether a condition failed, or another transaction had an item. */
export const isLostRace = (codes: readonly string[]): boolean =>
  codes.some((code) => LOST_RACE.includes(code));
