/** The table behind a `FakeAws`, as far as one function at a time uses it: items by key, no conditions. */
import type { FakeAws } from './fake-aws.ts';

type Value = Readonly<Record<string, unknown>>;
type Item = Record<string, Value>;
interface Keyed {
  readonly Key: Item;
}
interface Write {
  readonly Put?: { readonly Item: Item };
  readonly Delete?: Keyed;
  readonly Update?: Keyed & {
    readonly UpdateExpression: string;
    readonly ExpressionAttributeNames: Readonly<Record<string, string>>;
    readonly ExpressionAttributeValues: Readonly<Record<string, Value>>;
  };
}

const nameOf = (item: Item): string => `${item['pk']?.['S']}/${item['sk']?.['S']}`;

/** Answers DynamoDB's calls from these items on, and keeps them up to date. */
export function serveTable(aws: FakeAws): Map<string, Item> {
  const items = new Map<string, Item>();
  aws.operations['GetItem'] = ({ Key }) => {
    const item = items.get(nameOf(Key as Item));
    return item ? { Item: item } : {};
  };
  aws.operations['PutItem'] = ({ Item }) => {
    items.set(nameOf(Item as Item), Item as Item);
    return {};
  };
  aws.operations['BatchGetItem'] = ({ RequestItems }) => ({
    Responses: Object.fromEntries(
      Object.entries(RequestItems as Record<string, { readonly Keys: Item[] }>).map(([table, { Keys }]) => [
        table,
        Keys.flatMap((Key) => items.get(nameOf(Key)) ?? []),
      ]),
    ),
  });
  aws.operations['Query'] = () => ({ Items: [], Count: 0 });
  aws.operations['TransactWriteItems'] = ({ TransactItems }) => {
    for (const { Put, Delete, Update } of TransactItems as Write[]) {
      if (Put) items.set(nameOf(Put.Item), Put.Item);
      if (Delete) items.delete(nameOf(Delete.Key));
      if (Update) items.set(nameOf(Update.Key), updated(items.get(nameOf(Update.Key)) ?? {}, Update));
    }
    return {};
  };
  return items;
}

/** `SET #a = :a, … REMOVE #b, …`, which is all that changes of keys say. */
function updated(item: Item, update: NonNullable<Write['Update']>): Item {
  const next = { ...item };
  const attribute = (name: string) => update.ExpressionAttributeNames[name] as string;
  for (const [, name, value] of update.UpdateExpression.matchAll(/(#\w+) = (:\w+)/g)) {
    next[attribute(String(name))] = update.ExpressionAttributeValues[String(value)] as Value;
  }
  const [, removed = ''] = update.UpdateExpression.split(' REMOVE ');
  for (const name of removed.split(', ').filter(Boolean)) delete next[attribute(name)];
  return next;
}
