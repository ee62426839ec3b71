/** Worlds in which owners take keys by links. */
import { type DisputeOutcome, disputeClaim } from '../../lambdas/core/use-cases/dispute-claim.ts';
import { offerVersion } from '../../lambdas/core/use-cases/offer-version.ts';
import { type LinkOutcome, takeByLink } from '../../lambdas/core/use-cases/take-by-link.ts';
import { Execution } from './machine.ts';
import { MemoryClaimTries } from './memory-claim-tries.ts';
import { MemoryWorld, OPERATOR } from './memory-world.ts';

export const VISITOR = { principal: 'claim-link', via: 'claim page from 203.0.113.7, browser/1.0' };

export class ClaimWorld extends MemoryWorld {
  readonly tries = new MemoryClaimTries();
  readonly claiming = { ...this.deps, tries: this.tries, alarm: this.alarm };

  take(keyId: string, token: string): Promise<LinkOutcome> {
    return takeByLink(this.claiming, { keyId, token, actor: VISITOR });
  }

  report(keyId: string, token: string): Promise<DisputeOutcome> {
    return disputeClaim(this.claiming, { keyId, token, actor: VISITOR });
  }

  /** A link to the version that waits, in the place of any before. @returns its token */
  async link(keyId: string): Promise<string> {
    const before = this.links.sent.length;
    const offered = await offerVersion(this.deps, keyId, { actor: OPERATOR, by: 'claim-link', again: true });
    const [sent, ...more] = this.links.sent.slice(before);
    if (!sent || more.length > 0) throw new Error(`No link was made, or several: ${offered.outcome}.`);
    return sent.url.reveal().split('/').at(-1) as string;
  }
}

/** A key whose version 1 waits behind a link. */
export async function linkedWorld() {
  const world = new ClaimWorld();
  const { keyId, key } = await world.issue({ delivery: 'claim-link' });
  return { world, keyId, key, token: await world.link(keyId) };
}

/** The same, taken, and version 2 made beside it, which waits behind a link of its own. */
export async function rotatedWorld() {
  const { world, keyId, key: old, token: oldToken } = await linkedWorld();
  await world.take(keyId, oldToken);
  const execution = new Execution(world, keyId);
  await execution.toDualKey();
  const fresh = await world.sealedKey(keyId, 2);
  return { world, keyId, old, oldToken, execution, fresh, token: await world.link(keyId) };
}
