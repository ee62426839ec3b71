import { beforeEach, describe, expect, it } from 'vitest';
import type { KeyArchive, Restored, RestoreOrder } from '../../../lambdas/core/ports/key-archive.ts';
import { type ArchiveDeps, backUpKey, restoreKey } from '../../../lambdas/core/use-cases/archive-key.ts';
import { changeKeyStatus } from '../../../lambdas/core/use-cases/change-key-status.ts';
import { Execution } from '../../support/machine.ts';
import { MemoryWorld, OPERATOR } from '../../support/memory-world.ts';
import { chainHolds } from '../../support/rotation-world.ts';

/** Answers what the test says, and keeps what it was asked. */
class ScriptedArchive implements KeyArchive {
  answer: Restored = { outcome: 'no-backup' };
  readonly orders: RestoreOrder[] = [];

  backUp = async (): Promise<number> => 3;
  restore = async (_at: unknown, _keyId: string, order: RestoreOrder): Promise<Restored> => {
    this.orders.push(order);
    return this.answer;
  };
}

let world: MemoryWorld;
let archive: ScriptedArchive;
let deps: ArchiveDeps;
beforeEach(() => {
  world = new MemoryWorld();
  archive = new ScriptedArchive();
  deps = { store: world.store, archive, alarm: world.alarm, clock: world.clock.read };
});

const inVault = async () => (await world.issue({ delivery: 'vault' })).keyId;
const restore = (keyId: string, backupId?: string) =>
  restoreKey(deps, keyId, { actor: OPERATOR, ...(backupId ? { backupId } : {}) });

describe('a key that is not to be found in a vault', () => {
  it('is neither backed up nor brought back, and it is said why', async () => {
    const { keyId: printed } = await world.issue();
    const revoked = await inVault();
    await changeKeyStatus(world.deps, revoked, 'revoked', { actor: OPERATOR, reason: 'gone' });
    for (const [keyId, outcome] of [
      ['NoSuchKey000', 'unknown-key'],
      [printed, 'not-in-a-vault'],
      [revoked, 'revoked'],
    ] as const) {
      expect(await backUpKey(deps, keyId, { backupId: 'b1', actor: OPERATOR })).toEqual({ outcome });
      expect(await restore(keyId)).toEqual({ outcome });
    }
    expect(archive.orders).toEqual([]);
  });
});

describe('a backup', () => {
  const backUp = (keyId: string) => backUpKey(deps, keyId, { backupId: 'b1', actor: OPERATOR });

  it('is on record, with how many versions it took', async () => {
    const keyId = await inVault();

    expect(await backUp(keyId)).toEqual({ outcome: 'backed-up', versions: 3 });

    expect(world.table.events.get(keyId)?.at(-1)).toMatchObject({
      action: 'key.backed-up',
      actor: OPERATOR,
      detail: { backup: 'b1', versions: 3 },
    });
    expect(chainHolds(world, keyId)).toBe(true);
  });

  it('of nothing was not made', async () => {
    const keyId = await inVault();
    archive.backUp = async () => 0;

    expect(await backUp(keyId)).toEqual({ outcome: 'backed-up', versions: 0 });
    expect(world.actions(keyId)).not.toContain('key.backed-up');
  });
});

describe('bringing a key back', () => {
  it('asks for the versions that are accepted, the newest first, and is on record', async () => {
    const keyId = await inVault();
    await new Execution(world, keyId).toDualKey();
    archive.answer = { outcome: 'restored', backupId: 'b1', written: [1, 2], current: 2 };

    expect(await restore(keyId, 'b1')).toEqual(archive.answer);

    expect(archive.orders).toEqual([{ backupId: 'b1', accepted: [2, 1] }]);
    expect(world.table.events.get(keyId)?.at(-1)).toMatchObject({
      action: 'version.restored',
      actor: OPERATOR,
      detail: { backup: 'b1', version: 2 },
    });
    expect(chainHolds(world, keyId)).toBe(true);
  });

  it.each<Restored>([
    { outcome: 'already-there', current: 1 },
    { outcome: 'no-backup' },
    { outcome: 'none-accepted', backupId: 'b1' },
  ])('that comes to $outcome changes nothing', async (answer) => {
    const keyId = await inVault();
    archive.answer = answer;
    expect(await restore(keyId)).toEqual(answer);
    expect(world.actions(keyId)).toEqual(['key.issued']);
  });

  it('from a backup that does not open is a security event of the key', async () => {
    const keyId = await inVault();
    archive.answer = { outcome: 'broken', backupId: 'b7' };
    await restore(keyId);
    expect(world.brokenSeals).toEqual([`${keyId}/b7`]);
    expect(world.table.events.get(keyId)?.at(-1)).toMatchObject({
      action: 'security.seal-broken',
      actor: OPERATOR,
      detail: { backup: 'b7' },
    });
  });
});
