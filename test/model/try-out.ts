/** Tries every key that was ever made, on an authorizer that remembers and counts nothing. */
import type { KeyReader } from '../../lambdas/core/ports/authorization.ts';
import { RULES } from '../support/memory-world.ts';
import { isLetIn, type KeyBook } from './books.ts';
import { CALLER, UNCOUNTED } from './environment.ts';
import { type Invariant, Violation } from './violation.ts';
import type { World } from './world.ts';

const nothing = async () => {};
const NOBODY = { add: nothing, noteFirstUse: nothing, noteFirstRefusal: nothing };

/** Throws where more or less gets in than should. */
export async function tryOut(world: World, book: KeyBook): Promise<void> {
  const authorize = await trier(world, book);
  const { nowMs } = world.clock;
  let accepted = 0;
  for (const version of book.versions.values()) {
    if (version.text === undefined) continue;
    const isAllowed = await authorize(version.text);
    if (isAllowed) accepted += 1;
    const should = isLetIn(book, version, nowMs);
    if (should === undefined || should === isAllowed) continue;
    const named = `Version ${version.version} of key ${book.name} (${version.status}, the key ${book.record.status})`;
    const invariant: Invariant = isAllowed ? 5 : 1;
    throw new Violation(invariant, `${named} ${isAllowed ? 'gets in' : 'is refused'}.`);
  }
  if (accepted > 2) throw new Violation(2, `${accepted} versions of key ${book.name} get in.`);
  const isKnown = [...book.versions.values()].every(({ text }) => text !== undefined);
  if (isKnown && accepted === 0 && !book.refusal)
    throw new Violation(1, `No version of key ${book.name} gets in.`);
  for (const { text } of world.ledger.lost.filter(({ keyId }) => keyId === book.keyId)) {
    if (await authorize(text)) throw new Violation(2, `A key of ${book.name} gets in that no version has.`);
  }
}

async function trier(world: World, book: KeyBook): Promise<(presented: string) => Promise<boolean>> {
  const { parts, clock } = world;
  const record = await parts.reader.read(book.keyId);
  const reader: KeyReader = { read: async () => record };
  const deps = {
    memory: parts.memory(reader, 0),
    meter: parts.meter(NOBODY, 0),
    wrongKeys: UNCOUNTED,
    peppers: parts.peppers(() => parts.pepperSecret.readText(), clock.read),
    clock: clock.read,
  };
  return async (presented) => {
    try {
      const decision = await parts.useCases.authorize(deps, RULES, { ...CALLER, presented });
      return decision.outcome === 'allowed';
    } catch (error) {
      throw new Violation(1, `A try with a version of key ${book.name} is answered with an error: ${error}`);
    }
  };
}
