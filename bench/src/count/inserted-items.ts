/** Which items a write puts into the table: events and notices are put once, so that its stream shows them as inserted. */
import type { WireItem } from './item-size.ts';

type Request = Readonly<Record<string, unknown>>;

interface Put {
  readonly Item?: WireItem;
}

/** @param request that was done */
export function insertedBy(operation: string, request: Request): readonly WireItem[] {
  return putsOf(operation, request).flatMap(({ Item }) => (Item ? [Item] : []));
}

function putsOf(operation: string, request: Request): readonly Put[] {
  if (operation === 'PutItem') return [request as Put];
  if (operation !== 'TransactWriteItems') return [];
  const { TransactItems } = request as { readonly TransactItems: readonly { readonly Put?: Put }[] };
  return TransactItems.flatMap((item) => item.Put ?? []);
}
