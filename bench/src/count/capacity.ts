/**
 * Request units of DynamoDB calls.
 *
 * Writes are what the emulator says they consumed: it goes by the sizes of the items before and after, and by what each
 * index has to change. Its reads say one unit whatever was read, so they are computed here by DynamoDB's rules:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
 */
import { itemBytes, type WireItem } from './item-size.ts';

const READ_UNIT_BYTES = 4096;

interface Units {
  readonly readUnits: number;
  readonly writeUnits: number;
}

export interface Answer {
  readonly Item?: WireItem;
  readonly Items?: readonly WireItem[];
  readonly Responses?: Readonly<Record<string, readonly WireItem[]>>;
  readonly ConsumedCapacity?: Consumed | readonly Consumed[];
}

interface Consumed {
  readonly CapacityUnits?: number;
}

type Request = Readonly<Record<string, unknown>>;

/** @param answer with whole items: what counts is their size, not the size of a projection */
export function unitsOf(operation: string, request: Request, answer: Answer): Units {
  switch (operation) {
    case 'GetItem':
      return reads(unitsFor(answer.Item ? itemBytes(answer.Item) : 0, request['ConsistentRead'] === true));
    case 'Query':
    case 'Scan':
      // A page's items are added up before they are rounded.
      return reads(unitsFor(sum((answer.Items ?? []).map(itemBytes)), request['ConsistentRead'] === true));
    case 'BatchGetItem':
      return reads(batchUnits(request, answer));
    case 'PutItem':
    case 'UpdateItem':
    case 'DeleteItem':
    case 'BatchWriteItem':
    case 'TransactWriteItems':
      return { readUnits: 0, writeUnits: sum(consumed(answer)) };
    default:
      throw new Error(`No rule says what DynamoDB's ${operation} consumes.`);
  }
}

const reads = (readUnits: number): Units => ({ readUnits, writeUnits: 0 });

/** What is not there costs as much as the smallest item. */
const unitsFor = (bytes: number, consistent: boolean): number =>
  Math.max(1, Math.ceil(bytes / READ_UNIT_BYTES)) * (consistent ? 1 : 0.5);

/** Each key is a read of its own. */
function batchUnits(request: Request, { Responses = {} }: Answer): number {
  const asked = request['RequestItems'] as Readonly<
    Record<string, { readonly Keys: readonly unknown[]; readonly ConsistentRead?: boolean }>
  >;
  return sum(
    Object.entries(asked).map(([table, { Keys, ConsistentRead }]) => {
      const found = (Responses[table] ?? []).map((item) =>
        unitsFor(itemBytes(item), ConsistentRead === true),
      );
      return sum(found) + (Keys.length - found.length) * unitsFor(0, ConsistentRead === true);
    }),
  );
}

function consumed({ ConsumedCapacity }: Answer): readonly number[] {
  if (ConsumedCapacity === undefined) throw new Error('The store does not say what a write consumed.');
  const each = Array.isArray(ConsumedCapacity) ? ConsumedCapacity : [ConsumedCapacity as Consumed];
  return each.map(({ CapacityUnits = 0 }) => CapacityUnits);
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
