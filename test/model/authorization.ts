/** An answer of an authorizer, held against the books. */
import type { AuthorizationDecision } from '../../lambdas/core/domain/authorization.ts';
import { isAccepted, isBefore, isLetIn, type KeyBook, type Refusal, type VersionBook } from './ledger.ts';
import type { Moment } from './moment.ts';
import { Violation } from './violation.ts';
import type { World } from './world.ts';

export interface Attempt {
  readonly book: KeyBook;
  readonly held: VersionBook;
  readonly environment: number;
  readonly from: Moment;
}

/** Throws where the answer may not be. */
export function enterAnswer(world: World, attempt: Attempt, decision: AuthorizationDecision): void {
  const { book, held, environment, from } = attempt;
  const answer = decision.outcome === 'unauthenticated' ? decision.reason : decision.outcome;
  world.tally.count(`answer: ${answer}`);
  const named = `version ${held.version} of key ${book.name}`;
  if (decision.outcome === 'allowed') {
    const { keyId, version } = decision.identity;
    if (keyId !== book.keyId || version !== held.version) {
      throw new Violation(1, `Who came with ${named} was taken for version ${version} of another.`);
    }
    held.uses.push({ environment, from, to: world.ledger.moment(), isAnswered: true });
    checkBound(world, attempt, named);
    return;
  }
  const isEntitled =
    isLetIn(book, held, world.clock.nowMs) === true &&
    isBefore(held.acceptedSince ?? from, from) &&
    isBefore(book.enabledSince, from);
  if (isEntitled) throw new Violation(1, `A client with ${named}, which is ${held.status}, was refused.`);
}

/** It broke off before it answered: it may have been counted. */
export function enterAttempt({ ledger }: World, { held, environment, from }: Attempt): void {
  held.uses.push({ environment, from, to: ledger.moment(), isAnswered: false });
}

/** An environment may answer from memory, so long as its copy is young enough to be from before the refusal. */
function checkBound(world: World, { book, held, from }: Attempt, named: string): void {
  const memoryMs = world.settings.memorySeconds * 1000;
  const isOver = ({ from: refused, atLatestMs }: Refusal) =>
    isBefore(refused, from) && from.atMs >= atLatestMs + memoryMs;
  if ([book.refusal, held.refusal].some((refusal) => refusal && isOver(refusal))) {
    throw new Violation(5, `A client got in with ${named} after the bound of its refusal.`);
  }
  const wasNever = !isAccepted(held) && held.refusal === undefined;
  if (wasNever) throw new Violation(5, `A client got in with ${named}, which was never accepted.`);
}
