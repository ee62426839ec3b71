/** What must hold of a key on its way to its owner, whenever nothing of it is under way. */
import type { KeyBook, VersionBook } from './books.ts';
import { Violation } from './violation.ts';
import type { World } from './world.ts';

export async function checkDelivered({ parts }: World, book: KeyBook): Promise<void> {
  for (const version of book.versions.values()) {
    const why = whyUnsealed(book, version);
    if (why && (await parts.store.findSealed(book.keyId, version.version))) {
      throw new Violation(
        10,
        `The seal of version ${version.version} of key ${book.name} is there, which ${why}.`,
      );
    }
  }
  const shown = parts.place.current.get(book.keyId);
  if (book.mustBePlaced !== undefined && shown !== undefined && shown !== book.mustBePlaced) {
    const seen = `Key ${book.name} was rolled back to version ${book.mustBePlaced}`;
    throw new Violation(9, `${seen}, and its place shows version ${shown}.`);
  }
}

/** @returns undefined while the seal may be there */
function whyUnsealed({ record }: KeyBook, version: VersionBook): string | undefined {
  if (version.status === 'retired') return 'is retired';
  if (record.status === 'revoked') return 'is of a revoked key';
  if (version.isReceived && !version.isRenewed) return 'was received';
  return version.isSpent ? 'was used by whoever has the registered key' : undefined;
}
