/** What somebody may try who has no right link: guessed, altered, replaced or another's. */
import { describe, expect, it } from 'vitest';
import { MOST_TRIES_PER_HOUR } from '../../../lambdas/core/use-cases/refuse-link.ts';
import { type ClaimWorld, linkedWorld, rotatedWorld, VISITOR } from '../../support/claim-world.ts';

const WRONG = { outcome: 'wrong' };

/** Nothing was taken, opened or written of the key's versions. */
async function untouched<Outcome>(world: ClaimWorld, keyId: string, attack: () => Promise<Outcome>) {
  const { versions } = world.record(keyId);
  const seals = [...world.table.seals.keys()];
  const outcome = await attack();
  expect(world.record(keyId).versions).toEqual(versions);
  expect([...world.table.seals.keys()]).toEqual(seals);
  return outcome;
}

const swapCase = (text: string) =>
  text.replace(/[a-z]/gi, (letter) =>
    letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
  );

describe('a token', () => {
  it.each<[string, (token: string) => string]>([
    ['nothing', () => ''],
    ['shorter by one', (token) => token.slice(0, -1)],
    ['its first half', (token) => token.slice(0, 21)],
    ['longer by one', (token) => `${token}A`],
    ['with a blank', (token) => `${token} `],
    ['twice', (token) => token + token],
    ['in the other case', swapCase],
    ['with another last bit', (token) => token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A')],
    ['as padded base64', (token) => `${token.replaceAll('-', '+').replaceAll('_', '/')}=`],
    ['as what is stored of it', () => 'hash'],
    ['of zeros', () => 'A'.repeat(43)],
    ['very long', (token) => token.repeat(200)],
  ])('that is %s gives nothing and tells nothing', async (what, change) => {
    const { world, keyId, token } = await linkedWorld();
    const stored = world.record(keyId).versions[0]?.offer?.link?.tokenHash as string;
    const presented = what.startsWith('as what is stored') ? stored : change(token);
    expect(await untouched(world, keyId, () => world.take(keyId, presented))).toEqual(WRONG);
    expect(await untouched(world, keyId, () => world.report(keyId, presented))).toEqual(WRONG);
    expect((await world.take(keyId, token)).outcome).toBe('claimed');
  });

  it('of another key is a wrong one for this, and good for its own', async () => {
    const { world, keyId, token } = await linkedWorld();
    const other = (await world.issue({ delivery: 'claim-link' })).keyId;
    const otherToken = await world.link(other);
    expect(await untouched(world, keyId, () => world.take(keyId, otherToken))).toEqual(WRONG);
    expect(await untouched(world, other, () => world.take(other, token))).toEqual(WRONG);
    expect((await world.take(other, otherToken)).outcome).toBe('claimed');
    expect((await world.take(keyId, token)).outcome).toBe('claimed');
  });

  it('that was replaced by a newer link is a wrong one', async () => {
    const { world, keyId, token } = await linkedWorld();
    const newer = await world.link(keyId);
    expect(await untouched(world, keyId, () => world.take(keyId, token))).toEqual(WRONG);
    expect((await world.take(keyId, newer)).outcome).toBe('claimed');
  });

  it('of the version before does not give the new one', async () => {
    const { world, keyId, oldToken } = await rotatedWorld();
    const outcome = await untouched(world, keyId, () => world.take(keyId, oldToken));
    expect(outcome).toMatchObject({ outcome: 'taken', version: 1 });
  });

  it('that is replaced between the look and the taking gives nothing', async () => {
    const { world, keyId, token } = await linkedWorld();
    let reads = 0;
    world.table.turn = async () => {
      reads += 1;
      if (reads === 2) await world.link(keyId);
    };
    expect(await world.take(keyId, token)).toEqual(WRONG);
    expect(world.record(keyId).versions[0]).not.toHaveProperty('receivedAtMs');
  });

  it('for a key that is not there, or that has no link, is as wrong as any', async () => {
    const { world, token } = await linkedWorld();
    const { keyId } = await world.issue();
    expect(await world.take('NoSuchKey000', token)).toEqual(WRONG);
    expect(await untouched(world, keyId, () => world.take(keyId, token))).toEqual(WRONG);
    expect(await untouched(world, keyId, () => world.take(keyId, ''))).toEqual(WRONG);
    expect(world.actions(keyId)).toEqual(['key.issued']);
  });
});

describe('wrong tokens', () => {
  it('are on record once an hour, each counted for its key', async () => {
    const { world, keyId } = await linkedWorld();
    const refusals = () => world.table.events.get(keyId)?.filter(({ action }) => action === 'claim.refused');
    for (let times = 0; times < 5; times += 1) await world.take(keyId, 'guess');
    expect(refusals()).toEqual([expect.objectContaining({ actor: VISITOR, detail: {} })]);
    expect([...world.tries.counted.values()]).toEqual([5]);
    world.clock.advanceSeconds(3600);
    await world.report(keyId, 'guess');
    expect(refusals()).toHaveLength(2);
  });

  it.each([
    ['a key with a link', async (world: ClaimWorld) => (await linked(world)).keyId],
    ['a key that is not there', async () => 'NoSuchKey000'],
  ])('of %s are too many after so many in an hour, alike', async (_what, idIn) => {
    const { world } = await linkedWorld();
    const keyId = await idIn(world);
    for (let times = 0; times < MOST_TRIES_PER_HOUR; times += 1) {
      expect(await world.take(keyId, `guess-${times}`)).toEqual(WRONG);
    }
    world.clock.advanceSeconds(600);
    const retryAfterSeconds = 3600 - ((world.clock.nowMs / 1000) % 3600);
    const tooMany = { outcome: 'too-many', retryAfterSeconds };
    expect(await world.take(keyId, 'guess')).toEqual(tooMany);
    expect(await world.report(keyId, 'guess')).toEqual(tooMany);
    world.clock.advanceSeconds(retryAfterSeconds);
    expect(await world.take(keyId, 'guess')).toEqual(WRONG);
  });

  it('keep nobody out who has the right one, before or after it was used', async () => {
    const { world, keyId, token } = await linkedWorld();
    for (let times = 0; times <= MOST_TRIES_PER_HOUR; times += 1) await world.take(keyId, 'guess');
    expect((await world.take(keyId, 'guess')).outcome).toBe('too-many');
    expect((await world.take(keyId, token)).outcome).toBe('claimed');
    expect((await world.take(keyId, token)).outcome).toBe('taken');
    expect((await world.report(keyId, token)).outcome).toBe('disputed');
  });

  const linked = async (world: ClaimWorld) => {
    const { keyId } = await world.issue({ delivery: 'claim-link' });
    await world.link(keyId);
    return { keyId };
  };
});
