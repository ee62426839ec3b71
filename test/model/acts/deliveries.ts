/** The way of a new key to its owner: offered again, taken by a link, renewed by who holds the registered key. */
import { OPERATOR } from '../../support/memory-world.ts';
import { isBefore, type KeyBook } from '../books.ts';
import type { CommandTo, DeliveryName } from '../commands.ts';
import type { Moment } from '../moment.ts';
import { Violation } from '../violation.ts';
import type { World } from '../world.ts';
import type { Act } from './act.ts';
import { onKey } from './on-key.ts';

/** Of every public key here: whether a proof is right is asked before the key is taken, and is not what is played. */
export const THUMBPRINT = 'the-registered-key';
const VISITOR = { principal: 'claim-link', via: 'claim page' };
const CLIENT = { principal: 'unproven', via: 'renewal' };

/** As the admin function does it. */
export function deliver(world: World, { key, by, crash }: CommandTo<'deliver'>): Act | undefined {
  return onKey(world, 'deliver again', key, crash, (book) => ({
    says: `The operator delivers the new version of key ${book.name} ${by === undefined ? 'again' : `by ${by}`}`,
    body: (deps) =>
      world.parts.useCases.offerVersion(deps, book.keyId, {
        actor: OPERATOR,
        again: true,
        takesLink: true,
        ...(by === undefined ? {} : { by }),
      }),
    answered: ({ outcome }) => outcome,
  }));
}

export function renew(world: World, { key, crash }: CommandTo<'renew'>): Act | undefined {
  return onKey(world, 'renew', key, crash, (book) => ({
    says: `The client of key ${book.name} renews`,
    body: (deps) =>
      world.parts.useCases.takeRenewed(deps, book.keyId, { thumbprint: THUMBPRINT, actor: CLIENT }),
    answered: (taken, { began }) => {
      if (taken.outcome !== 'claimed') return taken.outcome;
      world.judge(() => checkUnused(book, taken.version, began));
      world.handOut(book, taken.key.reveal(), taken.version, 'renewal');
      return `version ${taken.version}${taken.again ? ', again' : ''}`;
    },
  }));
}

/** Whoever uses it has it, and needs it from nobody. */
function checkUnused(book: KeyBook, number: number, began: Moment): void {
  const used = book.versions.get(number)?.uses.some(({ answered }) => answered && isBefore(answered, began));
  if (used)
    throw new Violation(8, `Version ${number} of key ${book.name} was renewed although it had been used.`);
}

/** By which a key of this delivery is issued. */
export const destinationOf = (delivery: DeliveryName) =>
  delivery === 'renewal-key'
    ? {
        destination: {
          kind: 'renewal' as const,
          publicKey: { kty: 'OKP' as const, crv: 'Ed25519' as const, x: 'none' },
          thumbprint: THUMBPRINT,
        },
      }
    : {};

/** Made by nobody: as long as a right one. */
const WRONG_TOKEN = 'w'.repeat(43);

/** Any link there is, to any key: most are of another key, of another version, or replaced. */
export function openLink(world: World, { key, link, crash }: CommandTo<'open link'>): Act | undefined {
  return onKey(world, 'open link', key, crash, (book) => {
    const tokens = [WRONG_TOKEN, ...world.ledger.links.map(({ token }) => token)].reverse();
    const token = tokens[link % tokens.length] as string;
    const request = { keyId: book.keyId, token, actor: VISITOR };
    return {
      says: `Somebody opens ${token === WRONG_TOKEN ? 'a link that nobody made' : 'a link'} to key ${book.name}`,
      body: (deps) => world.parts.useCases.takeByLink(deps, request),
      answered: (taken) => {
        world.tally.count(`link: ${taken.outcome}`);
        if (taken.outcome !== 'claimed') return taken.outcome;
        world.judge(() => checkLink(world, book, request));
        world.handOut(book, taken.key.reveal(), taken.about.version, 'link');
        return `version ${taken.about.version}`;
      },
    };
  });
}

/** A link is good for the key that it was made for. */
function checkLink({ ledger }: World, { keyId, name }: KeyBook, { token }: { readonly token: string }): void {
  if (ledger.links.some((link) => link.keyId === keyId && link.token === token)) return;
  throw new Violation(8, `Key ${name} was taken by a link that is not its own.`);
}
