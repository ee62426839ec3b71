/** An answer of an authorizer, held against the books. */
import type { AuthorizationDecision } from '../../lambdas/core/domain/authorization.ts';
import {
  isAccepted,
  isBefore,
  isLetIn,
  type KeyBook,
  type Refusal,
  type Use,
  type VersionBook,
} from './books.ts';
import type { Environment } from './environment.ts';
import type { Moment } from './moment.ts';
import { Violation } from './violation.ts';
import type { World } from './world.ts';

export interface Attempt {
  readonly book: KeyBook;
  readonly held: VersionBook;
  readonly use: Use;
}

/** From its start on a request may be counted. */
export function enterAttempt(
  book: KeyBook,
  held: VersionBook,
  environment: Environment,
  from: Moment,
): Attempt {
  const use: Use = { environment, from, answered: undefined };
  held.uses.push(use);
  return { book, held, use };
}

/** Throws where the answer may not be. */
export function enterAnswer(world: World, attempt: Attempt, decision: AuthorizationDecision): void {
  const { book, held, use } = attempt;
  const answer = decision.outcome === 'unauthenticated' ? decision.reason : decision.outcome;
  world.tally.count(`answer: ${answer}`);
  const named = `version ${held.version} of key ${book.name}`;
  if (decision.outcome === 'allowed') {
    const { keyId, version } = decision.identity;
    if (keyId !== book.keyId || version !== held.version) {
      throw new Violation(1, `Who came with ${named} was taken for version ${version} of another.`);
    }
    use.answered = world.ledger.moment();
    checkBound(world, attempt, named);
    return;
  }
  held.uses.splice(held.uses.indexOf(use), 1);
  const { from } = use;
  const isEntitled =
    isLetIn(book, held, world.clock.nowMs) === true &&
    isBefore(held.acceptedSince ?? from, from) &&
    isBefore(book.enabledSince, from);
  if (isEntitled) throw new Violation(1, `A client with ${named}, which is ${held.status}, was refused.`);
}

/** API Gateway let somebody in without asking. */
export function enterKept(world: World, book: KeyBook, held: VersionBook, from: Moment): void {
  world.tally.count('answer: allowed, kept by API Gateway');
  const keptMs = world.settings.cacheSeconds * 1000;
  const isOver = ({ from: refused, atLatestMs, settled }: Refusal) =>
    (settled && isBefore(settled, from)) || (isBefore(refused, from) && from.atMs >= atLatestMs + keptMs);
  if ([book.refusal, held.refusal].some((refusal) => refusal && isOver(refusal))) {
    const named = `version ${held.version} of key ${book.name}`;
    throw new Violation(5, `API Gateway let a client in with ${named}, whose refusal is over and done with.`);
  }
}

/** An environment may answer from memory, so long as its copy is young enough to be from before the refusal. */
function checkBound(world: World, { book, held, use: { from } }: Attempt, named: string): void {
  const memoryMs = world.settings.memorySeconds * 1000;
  const isOver = ({ from: refused, atLatestMs }: Refusal) =>
    isBefore(refused, from) && from.atMs >= atLatestMs + memoryMs;
  if ([book.refusal, held.refusal].some((refusal) => refusal && isOver(refusal))) {
    throw new Violation(5, `A client got in with ${named} after the bound of its refusal.`);
  }
  const wasNever = !isAccepted(held) && held.refusal === undefined;
  if (wasNever) throw new Violation(5, `A client got in with ${named}, which was never accepted.`);
}
