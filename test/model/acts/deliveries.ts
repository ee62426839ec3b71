/** The way of a new key to its owner: offered again, taken by a link, renewed by who holds the registered key. */
import type { OfferOutcome } from '../../../lambdas/core/use-cases/offer-version.ts';
import { OPERATOR } from '../../support/memory-world.ts';
import { takeKey } from '../../../lambdas/core/use-cases/claim-key.ts';
import { tokenHash } from '../../../lambdas/core/use-cases/offer-version.ts';
import type { CommandTo, DeliveryName } from '../commands.ts';
import { LINK_PAGE } from '../ports.ts';
import type { World } from '../world.ts';
import type { Act } from './act.ts';
import { onKey } from './on-key.ts';

/** Of every public key here: whether a proof is right is asked before the key is taken, and is not what is played. */
export const THUMBPRINT = 'the-registered-key';
const CLIENT = { principal: 'unproven', via: 'renewal' };

/** As the admin function does it. */
export function deliver(world: World, { key, by, crash }: CommandTo<'deliver'>): Act | undefined {
  return onKey(world, 'deliver again', key, crash, (book) => ({
    says: `The operator delivers the new version of key ${book.name} ${by === undefined ? 'again' : `by ${by}`}`,
    body: (deps) =>
      world.parts.useCases.offerVersion(deps, book.keyId, {
        actor: OPERATOR,
        again: true,
        ...(by === undefined ? {} : { by }),
      }),
    answered: (offered) => {
      noteLink(world, book.keyId, offered);
      return offered.outcome;
    },
  }));
}

/** Whoever asked for the delivery gives the owner the link. */
export function noteLink(world: World, keyId: string, offered: OfferOutcome): void {
  if (offered.outcome !== 'offered' || !offered.link) return;
  const token = offered.link.reveal().slice(`${LINK_PAGE}/${keyId}/`.length);
  world.secrets.learnToken(token);
  world.ledger.links.push({ keyId, token });
}

export function renew(world: World, { key, crash }: CommandTo<'renew'>): Act | undefined {
  return onKey(world, 'renew', key, crash, (book) => ({
    says: `The client of key ${book.name} renews`,
    body: (deps) =>
      world.parts.useCases.takeRenewed(deps, book.keyId, { thumbprint: THUMBPRINT, actor: CLIENT }),
    answered: (taken) => {
      if (taken.outcome !== 'claimed') return taken.outcome;
      world.handOut(book, taken.key.reveal(), taken.version, 'renewal');
      return `version ${taken.version}${taken.again ? ', again' : ''}`;
    },
  }));
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

export function openLink(world: World, { key, link, crash }: CommandTo<'open link'>): Act | undefined {
  return onKey(world, 'open link', key, crash, (book) => {
    const all = [WRONG_TOKEN, ...world.ledger.links.map(({ token }) => token)].reverse();
    const token = all[link % all.length] as string;
    return {
      says: `Somebody opens ${token === WRONG_TOKEN ? 'a link that is none' : 'a link'} to key ${book.name}`,
      body: (deps) =>
        takeKey(deps, book.keyId, {
          by: 'link',
          actor: CLIENT,
          mayTake: (r, v) =>
            r.status === 'enabled' &&
            v.offer?.link?.tokenHash === tokenHash(token) &&
            v.offer.link.expiresAtMs > deps.clock(),
        }),
      answered: (taken) => {
        if (taken.outcome !== 'claimed') return taken.outcome;
        enterLink(world, book.keyId, token);
        world.handOut(book, taken.key.reveal(), taken.version, 'link');
        return `version ${taken.version}`;
      },
    };
  });
}

/** Only whoever was given it may take a key by it. */
function enterLink({ ledger, judge }: World, keyId: string, token: string): void {
  if (ledger.links.some((link) => link.keyId === keyId && link.token === token)) return;
  throw new Error('x');
}
