/** What operators and key owners ask. */
import type { IssueOrder } from '../../../lambdas/core/use-cases/issue-order.ts';
import type { KeyStatus } from '../../../rules/words.ts';
import { OPERATOR } from '../../support/memory-world.ts';
import { isBefore, type KeyBook } from '../books.ts';
import type { CommandTo } from '../commands.ts';
import type { Moment } from '../moment.ts';
import { depsOf } from '../ports.ts';
import type { Process } from '../process.ts';
import type { World } from '../world.ts';
import { type Act, told } from './act.ts';
import { destinationOf } from './deliveries.ts';
import { onKey } from './on-key.ts';

const BY = { actor: OPERATOR, reason: 'as the story goes' };
const MOST_KEYS = 3;
const EXEMPT_MS = 7 * 86_400_000;

export function issue(world: World, { policy, delivery, crash }: CommandTo<'issue'>): Act | undefined {
  const { ledger, parts } = world;
  if (ledger.keys.length >= MOST_KEYS) return undefined;
  const order: IssueOrder = {
    owner: 'team@example.com',
    name: 'A client',
    environment: 'live',
    scopes: ['tools:*'],
    policy,
    delivery,
    allowedAddresses: [],
    ...destinationOf(delivery),
  };
  const process = world.process({ kind: 'issue' }, crash);
  const deps = () => depsOf(world, process);
  const run = () =>
    told(
      world,
      process,
      async () => {
        const issued = await parts.useCases.issueKey(deps(), order, OPERATOR);
        if (delivery !== 'operator') await firstOffer(world, process, issued.record.keyId);
        return issued;
      },
      ({ record, key }) => {
        const book = ledger.key(record.keyId);
        // Nothing is entered any more once an invariant is broken.
        if (!book) return 'a key';
        if (delivery === 'operator') world.handOut(book, key.reveal(), 1, 'issue');
        return `key ${book.name}`;
      },
    );
  const says = `A key is issued under the policy '${policy}' with delivery '${delivery}'`;
  return { process, run: async () => `${says}: ${await run()}.` };
}

/** As the admin function does it: the key is issued whatever becomes of it. */
async function firstOffer(world: World, process: Process, keyId: string): Promise<void> {
  try {
    const how = { actor: OPERATOR, takesLink: true };
    await world.parts.useCases.offerVersion(depsOf(world, process), keyId, how);
  } catch (error) {
    world.judge(() => world.enterError(process, error as Error));
  }
}

export function claim(world: World, { key, crash }: CommandTo<'claim'>): Act | undefined {
  return onKey(world, 'claim', key, crash, (book) => ({
    says: `The owner of key ${book.name} claims the new version`,
    body: (deps) => world.parts.useCases.claimKey(deps, book.keyId, OPERATOR),
    answered: (claimed) => {
      if (claimed.outcome !== 'claimed') return claimed.outcome;
      world.handOut(book, claimed.key.reveal(), claimed.version, 'claim');
      return `version ${claimed.version}`;
    },
  }));
}

export function rollback(world: World, { key, crash }: CommandTo<'rollback'>): Act | undefined {
  return onKey(world, 'rollback', key, crash, (book) => ({
    says: `The operator takes the rotation of key ${book.name} back`,
    body: (deps) => world.parts.useCases.rollbackRotation(deps, book.keyId, BY),
    answered: ({ outcome }, { began }) => {
      if (outcome === 'rolled-back') enterRolledBack(book, began);
      return outcome;
    },
  }));
}

/** Whoever has written to the place since, and broke off, may have been the last. */
function enterRolledBack(book: KeyBook, began: Moment): void {
  if (book.placeDoubted && isBefore(began, book.placeDoubted)) return;
  const active = [...book.versions.values()].find(({ status }) => status === 'active');
  book.mustBePlaced = active?.version;
}

const STATUS_OF = { disable: 'disabled', enable: 'enabled', revoke: 'revoked' } as const;

export function status(world: World, command: CommandTo<'disable' | 'enable' | 'revoke'>): Act | undefined {
  const isNeeded = world.ledger.keys.some(({ refusal }) => refusal);
  if (command.do === 'enable' && !isNeeded) return undefined;
  const to: KeyStatus = STATUS_OF[command.do];
  return onKey(world, command.do, command.key, command.crash, (book) => ({
    says: `The operator ${command.do}s key ${book.name}`,
    body: (deps) => world.parts.useCases.changeKeyStatus(deps, book.keyId, to, BY),
    answered: (outcome) => outcome,
  }));
}

export function exempt(world: World, { key, crash }: CommandTo<'exempt'>): Act | undefined {
  return onKey(world, 'exempt', key, crash, (book) => ({
    says: `The operator exempts key ${book.name} for 7 days`,
    body: (deps) => world.parts.useCases.exemptKey(deps, book.keyId, world.clock.nowMs + EXEMPT_MS, BY),
    answered: (outcome) => outcome,
  }));
}

export function endExemption(world: World, { key, crash }: CommandTo<'end exemption'>): Act | undefined {
  return onKey(world, 'end exemption', key, crash, (book) => ({
    says: `The operator ends the exemption of key ${book.name}`,
    body: (deps) => world.parts.useCases.endExemption(deps, book.keyId, BY),
    answered: (outcome) => outcome,
  }));
}
