/** What operators and key owners ask. */
import type { IssueOrder } from '../../../lambdas/core/use-cases/issue-key.ts';
import type { KeyStatus } from '../../../rules/words.ts';
import { OPERATOR } from '../../support/memory-world.ts';
import type { KeyBook } from '../books.ts';
import type { Command, CommandTo } from '../commands.ts';
import { depsOf } from '../ports.ts';
import type { World } from '../world.ts';
import { type Act, pick, told } from './act.ts';

const BY = { actor: OPERATOR, reason: 'as the story goes' };
const MOST_KEYS = 3;
const EXEMPT_MS = 7 * 86_400_000;

export function issue(world: World, { policy, crash }: CommandTo<'issue'>): Act | undefined {
  const { ledger, parts } = world;
  if (ledger.keys.length >= MOST_KEYS) return undefined;
  const order: IssueOrder = {
    owner: 'team@example.com',
    name: 'A client',
    environment: 'live',
    scopes: ['tools:*'],
    policy,
    delivery: 'operator',
    allowedAddresses: [],
  };
  const process = world.process({ kind: 'issue' }, crash);
  const run = () =>
    told(
      world,
      process,
      () => parts.useCases.issueKey(depsOf(world, process), order, OPERATOR),
      ({ record, key }) => {
        const book = ledger.key(record.keyId) as KeyBook;
        world.handOut(book, key.reveal(), 1);
        return `key ${book.name}`;
      },
    );
  return { process, run: async () => `A key is issued under the policy '${policy}': ${await run()}.` };
}

export function claim(world: World, { key, crash }: CommandTo<'claim'>): Act | undefined {
  return onKey(world, 'claim', key, crash, (book) => ({
    says: `The owner of key ${book.name} claims the new version`,
    body: (deps) => world.parts.useCases.claimKey(deps, book.keyId, OPERATOR),
    answered: (claimed) => {
      if (claimed.outcome !== 'claimed') return claimed.outcome;
      world.handOut(book, claimed.key.reveal(), claimed.version);
      return `version ${claimed.version}`;
    },
  }));
}

export function rollback(world: World, { key, crash }: CommandTo<'rollback'>): Act | undefined {
  return onKey(world, 'rollback', key, crash, (book) => ({
    says: `The operator takes the rotation of key ${book.name} back`,
    body: (deps) => world.parts.useCases.rollbackRotation(deps, book.keyId, BY),
    answered: ({ outcome }) => outcome,
  }));
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

interface Asked<Result> {
  readonly says: string;
  readonly body: (deps: ReturnType<typeof depsOf>) => Promise<Result>;
  readonly answered: (result: Result) => string;
}

function onKey<Result>(
  world: World,
  kind: string,
  key: number,
  crash: Command['crash'],
  asked: (book: KeyBook) => Asked<Result>,
): Act | undefined {
  const book = pick(world.ledger.keys, key);
  if (!book) return undefined;
  const { says, body, answered } = asked(book);
  const process = world.process({ kind, keyId: book.keyId }, crash);
  const run = () => told(world, process, () => body(depsOf(world, process)), answered);
  return { process, run: async () => `${says}: ${await run()}.` };
}
