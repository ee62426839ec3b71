/** Reading a list to its end. */

interface Page<Item, Next> {
  readonly items: readonly Item[];
  readonly next: Next | undefined;
}

/** @param read a page; undefined asks for the first */
export async function pagesOf<Item, Next>(
  read: (next: Next | undefined) => Promise<Page<Item, Next>>,
): Promise<Item[]> {
  const all: Item[] = [];
  let next: Next | undefined;
  do {
    const page = await read(next);
    all.push(...page.items);
    next = page.next;
  } while (next);
  return all;
}
